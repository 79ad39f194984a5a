import type { KnownFormat } from './format.ts';

/** What a file's name promises of its contents. */
export interface NamePromise {
  /** The formats that use the extension; none where it's unknown or missing. */
  readonly formats: readonly KnownFormat[];
  /** In lower case, without the first dot: `docx`, `tar.gz`; empty where the name has none. */
  readonly extension: string;
  /** What stands after the extension that made the promise: `locked` in `report.docx.locked`; else null. */
  readonly appended: string | null;
}

/** Names of any more parts than these are cut: a promise far to the left of a long name is none. */
const partsRead = 8;

/** What programs and people append to the name of a file that they keep aside, rotate or are still writing. */
const customarySuffix =
  /^[-_ (]?(?:bak|backup|bck|bkp|old|orig|original|save|saved|prev|copy|tmp|temp|part|partial|crdownload|download|filepart|swp|new|dist|sample|example|file|default|template|disabled|off|deleted|rej|(?:dpkg|ucf)-(?:old|new|dist|tmp|bak)|rpm(?:save|new|orig)|pacnew|pacsave|v?\d{1,14}|\d{4}-\d{2}-\d{2}(?:[t_-][\d:-]+)?|~?\d*)[)~]*$/;

/** Whether what is appended to a name (`bak`, `old.1`, `2024-05-01`, `~`) is what honest software appends. */
export function isCustomary(appended: string): boolean {
  return appended.split('.').every((part) => customarySuffix.test(part));
}

/** What programs keep beside a file, under its whole name: settings of photographs, sums, signatures, recovery data. */
const sidecars = new Set([
  'cos',
  'cop',
  'cot',
  'dop',
  'pp3',
  'on1',
  'arp',
  'vrd',
  'par2',
  'aria2',
  'meta',
  'sums',
]);

/** Extensions of documents and data that many know, and whose types aren't known here: they promise nothing, yet are no word that was appended. */
const familiar = new Set([
  'pb',
  'arrow',
  'h5',
  'nc',
  'nc4',
  'onnx',
  'safetensors',
  'ckpt',
  '3d',
  '3ds',
  'amf',
  'blend',
  'iges',
  'igs',
  'zae',
  'irr',
  'irrmesh',
  'ipt',
  'iam',
  'idw',
  'prt',
  'gdb',
  'xd',
  'aep',
  'prproj',
  'veg',
  'drp',
  'als',
  'logicx',
  'band',
  'cpr',
  'ptx',
  'mscz',
  'mscx',
  'sib',
  'mus',
  'qbw',
  'qbb',
  'qdf',
  'qif',
  'ofx',
  'mny',
  'myd',
  'frm',
  'fdb',
  'wallet',
  'ovf',
  'vmx',
  'vmem',
  'nvram',
  'vbk',
  'vib',
  'vrb',
  'vbm',
  'tibx',
  'mrimg',
  'v2i',
  'spf',
  'pbd',
  'ram',
  'braw',
  'dav',
  'trc',
  'gcode',
  'tap',
  'cnc',
  'dcm',
  'mha',
  'oir',
  'vsi',
  'spm',
  'ibw',
  'opj',
  'opju',
  'pzfx',
  'cdx',
  'mol',
  'mol2',
  'sdf',
  'ab1',
  'wiff',
  'mzml',
  'rfq',
  'hwpx',
  'toast',
  'keystore',
  'rdp',
  'etl',
]);

interface Found {
  readonly formats: readonly KnownFormat[];
  readonly extension: string;
  /** What is glued to the extension. */
  readonly rest: string;
}

/** Looks up what names promise. Built once for a set of formats. */
export class Extensions {
  readonly #byExtension = new Map<string, KnownFormat[]>();

  constructor(formats: readonly KnownFormat[]) {
    for (const format of formats) {
      for (const extension of format.extensions) {
        const sharing = this.#byExtension.get(extension);
        if (sharing === undefined) this.#byExtension.set(extension, [format]);
        else sharing.push(format);
      }
    }
  }

  /**
   * What the name promises (`name` without folders). The rightmost known extension counts. What stands behind it is told
   * apart as `appended`, whatever it is; `isCustomary` says what is usual.
   */
  promisedBy(name: string): NamePromise {
    const parts = name.toLowerCase().replace(/^\.+/, '').split('.').slice(1);
    const last = parts.at(-1) ?? '';
    if (sidecars.has(last) && !this.#byExtension.has(last))
      return { formats: [], extension: last, appended: null };
    const leftmost = Math.max(0, parts.length - partsRead);
    for (let i = parts.length - 1; i >= leftmost; i--) {
      const found = this.#lookUp(parts, i);
      if (found === null) continue;
      const behind = [found.rest, ...parts.slice(i + 1)].filter((part) => part !== '').join('.');
      return { formats: found.formats, extension: found.extension, appended: behind === '' ? null : behind };
    }
    return { formats: [], extension: parts.at(-1) ?? '', appended: null };
  }

  /** The known extension that part `i` is, or begins with: `docx` with the rest `_locked`. */
  #lookUp(parts: readonly string[], i: number): Found | null {
    const before = parts[i - 1] ?? '';
    // The host of a mail address, as extortionists write it into names, is no extension.
    if (before.includes('@')) return null;
    const part = parts[i]!;
    const word = /^[a-z0-9]+/.exec(part)?.[0] ?? '';
    for (const extension of [part, word]) {
      const formats = this.#byExtension.get(extension);
      if (formats === undefined && !familiar.has(extension)) continue;
      // Compressed tapes are known by both their extensions.
      const whole = before === 'tar' ? `tar.${extension}` : extension;
      return { formats: formats ?? [], extension: whole, rest: part.slice(extension.length) };
    }
    return null;
  }
}
