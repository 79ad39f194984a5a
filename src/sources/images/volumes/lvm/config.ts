import { Broken } from '../../../../bytes/errors.ts';

/** A section of LVM's text: values, lists of values, sections. */
export interface Config {
  readonly [key: string]: ConfigValue;
}
export type ConfigValue = string | number | readonly (string | number)[] | Config;

const TOKEN = /\s+|#[^\n]*|([{}[\]=,])|"((?:[^"\\]|\\.)*)"|([^\s{}[\]=,"#]+)/gy;
const MOST_TOKENS = 4_000_000;
const MOST_DEPTH = 16;

type Token = { readonly sign: string } | { readonly value: string | number } | { readonly word: string };

/** @throws Broken where the text isn't of LVM's grammar (lvm.conf(5)) */
export function parseConfig(text: string): Config {
  const root: Record<string, ConfigValue> = emptySection();
  const open: Record<string, ConfigValue>[] = [root];
  const tokens = readTokens(text.replace(/\0+$/, ''));
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    if (isSign(token, '}')) open.pop();
    else i = readEntry(tokens, i, open);
    if (open.length === 0 || open.length > MOST_DEPTH)
      throw new Broken(i, 'description of an LVM group', 'sections', 'depth');
  }
  return root;
}

/** A name, and what follows it: a section that is opened, a value, or a list. Gives the index of its last token. */
function readEntry(tokens: readonly Token[], at: number, open: Record<string, ConfigValue>[]): number {
  const token = tokens[at]!;
  const name = 'word' in token ? token.word : null;
  const section = open.at(-1)!;
  if (name !== null && isSign(tokens[at + 1], '{')) {
    const inner = emptySection();
    section[name] = inner;
    open.push(inner);
    return at + 1;
  }
  if (name === null || !isSign(tokens[at + 1], '='))
    throw new Broken(at, 'description of an LVM group', 'a name', '?');
  if (!isSign(tokens[at + 2], '[')) {
    section[name] = readValue(tokens[at + 2]);
    return at + 2;
  }
  return readList(tokens, at + 3, section, name);
}

function readList(
  tokens: readonly Token[],
  at: number,
  section: Record<string, ConfigValue>,
  name: string,
): number {
  const list: (string | number)[] = [];
  let i = at;
  for (; !isSign(tokens[i], ']'); i++) {
    if (!isSign(tokens[i], ',')) list.push(readValue(tokens[i]));
  }
  section[name] = list;
  return i;
}

function readValue(token: Token | undefined): string | number {
  if (token !== undefined && 'value' in token) return token.value;
  if (token !== undefined && 'word' in token) {
    const number = Number(token.word);
    return Number.isNaN(number) ? token.word : number;
  }
  throw new Broken(0, 'description of an LVM group', 'a value', 'another sign');
}

function isSign(token: Token | undefined, sign: string): boolean {
  return token !== undefined && 'sign' in token && token.sign === sign;
}

function readTokens(text: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null)
      throw new Broken(at, 'description of an LVM group', 'its grammar', text.slice(at, at + 8));
    const [, sign, quoted, word] = match;
    if (sign !== undefined) tokens.push({ sign });
    else if (quoted !== undefined) tokens.push({ value: quoted.replace(/\\(.)/g, '$1') });
    else if (word !== undefined) tokens.push({ word });
    if (tokens.length > MOST_TOKENS)
      throw new Broken(at, 'description of an LVM group', 'shorter', 'too long');
  }
  return tokens;
}

/** Without a prototype: the names come from the disk. */
function emptySection(): Record<string, ConfigValue> {
  return Object.create(null) as Record<string, ConfigValue>;
}
