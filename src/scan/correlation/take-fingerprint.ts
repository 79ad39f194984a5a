import type { ByteSource } from '../../bytes/source.ts';
import type { Examination } from '../../examine/examination.ts';
import { isCustomary } from '../../formats/extensions.ts';
import type { Identity } from '../../verdict/evidence.ts';
import { type Fingerprint, HEAD, TAIL } from '../../verdict/incident/fingerprint.ts';
import { kindOf } from '../../verdict/incident/kind.ts';
import { layoutKey, schemeOf } from '../../verdict/incident/layout.ts';
import { tailCheckOf, tailLengthOf } from '../../verdict/incident/tail.ts';

/** What can be compared of one file. Reads both its ends. @throws ReadError */
export function takeFingerprint(
  order: number,
  source: ByteSource,
  { evidence, judgement }: Examination,
): Fingerprint {
  const { size, identity } = evidence;
  const tail = readText(source, Math.max(0, size - TAIL), TAIL);
  const tailLength = tailLengthOf(evidence, tail);
  return {
    order,
    verdict: judgement.verdict,
    codes: judgement.reasons.map(({ code }) => code),
    size,
    kind: kindOf(identity),
    newExtension: newExtensionOf(identity),
    hasMagic: identity.magic !== null,
    head: readText(source, 0, HEAD),
    tail,
    tailLength,
    tailCheck: tailCheckOf(evidence, tail, tailLength),
    layout: layoutKey(schemeOf(evidence, judgement)),
  };
}

function newExtensionOf({ appended, extension, promised }: Identity): string {
  if (appended !== null) return appended;
  return promised.length > 0 || isCustomary(extension) ? '' : extension;
}

function readText(source: ByteSource, at: number, most: number): string {
  const bytes = Buffer.alloc(Math.max(0, Math.min(most, source.size - at)));
  return bytes.toString('latin1', 0, source.read(bytes, at));
}
