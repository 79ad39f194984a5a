/** A GUID as text in lower case. The first three fields are little-endian, the rest is in order (UEFI, Appendix A). */
export function readGuid(bytes: Uint8Array, at = 0): string {
  const hex = (indices: readonly number[]) =>
    indices.map((i) => bytes[at + i]!.toString(16).padStart(2, '0')).join('');
  return [hex([3, 2, 1, 0]), hex([5, 4]), hex([7, 6]), hex([8, 9]), hex([10, 11, 12, 13, 14, 15])].join('-');
}
