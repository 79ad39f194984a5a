/** Where the standard has strings of arbitrary bytes: identifiers, hashes, signatures, palettes (ISO 32000-1). */
export const BYTE_STRINGS: ReadonlySet<string> = new Set([
  ...[
    'ID',
    'O',
    'U',
    'OE',
    'UE',
    'Perms',
    'Contents',
    'CheckSum',
    'Cert',
    'Recipients',
    'Indexed',
    'ColorSpace',
    'CS',
  ],
  ...['DigestValue', 'Digest', 'UR3', 'KDFSalt', 'AuthCode', 'MAC', 'Lookup'],
]);
