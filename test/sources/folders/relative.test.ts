import { describe, expect, it } from 'vitest';
import { fromBytes, fromText, type Path } from '../../../src/sources/folders/path.ts';
import { pathOf, relativeTo } from '../../../src/sources/folders/relative.ts';

const relative = (path: string, ...roots: string[]) => relativeTo(roots.map(fromText))(path as Path);

describe('a path relative to its root', () => {
  it('loses the root, the longest where roots overlap', () => {
    expect(relative('/srv/a/b', '/srv')).toBe('a/b');
    expect(relative('/srv/a/b', '/srv', '/srv/a')).toBe('b');
    expect(relative('/srvx/a', '/srv', '/')).toBe('srvx/a');
    expect(relative('./a', '.')).toBe('a');
  });

  it('is the name where the root is the file itself', () => {
    expect(relative('/srv/a.txt', '/srv/a.txt')).toBe('a.txt');
  });

  it('loses what stands for no folder where there are no roots', () => {
    expect(relative('./etc/a')).toBe('etc/a');
    expect(relative('/etc/a')).toBe('etc/a');
    expect(relative('//./etc/a')).toBe('etc/a');
    expect(relative('.hidden/a')).toBe('.hidden/a');
    expect(relative('../a')).toBe('../a');
  });

  it('keeps bytes that are no text', () => {
    const bytes = Buffer.from('/srv/\xff\n.txt', 'latin1');
    const path = pathOf({ text: bytes.toString(), raw: bytes.toString('base64') });
    expect(path).toBe(fromBytes(bytes));
    expect(relative(path, '/srv')).toBe(fromBytes(bytes.subarray(5)));
  });
});
