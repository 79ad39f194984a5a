/**
 * The entry to which a reference inside an archive leads, from the entry that holds it; null where it leads outside
 * (another scheme), or nowhere (an empty reference, a fragment of the entry itself).
 */
export function resolveTarget(from: string, reference: string): string | null {
  const path = reference.replace(/[#?].*$/s, '').replaceAll('\\', '/');
  if (path === '' || /^[a-z][a-z0-9+.-]*:/i.test(path)) return null;
  const folders = path.startsWith('/') ? [] : from.split('/').slice(0, -1);
  for (const part of unescapePath(path).split('/')) {
    if (part === '..') folders.pop();
    else if (part !== '.' && part !== '') folders.push(part);
  }
  return folders.join('/');
}

function unescapePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
