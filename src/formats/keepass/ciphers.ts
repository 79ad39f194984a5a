/** KeePass, KDBX file format, "Cipher ID". */
export const ciphers: Readonly<Record<string, { readonly name: string; readonly block: number }>> = {
  '31c1f2e6bf714350be5805216afc5aff': { name: 'AES-256-CBC', block: 16 },
  ad68f29f576f4bb9a36ad47af965346c: { name: 'Twofish-256-CBC', block: 16 },
  d6038a2b8b6f4cb5a524339a31dbb59a: { name: 'ChaCha20', block: 1 },
};

/** "KDF parameters", `$UUID`. */
export const derivations: Readonly<Record<string, string>> = {
  c9d9f39a628a4460bf740d08c18a4fea: 'AES-KDF',
  '7c02bb8279a74ac0927d114a00648238': 'AES-KDF',
  ef636ddf8c29444b91f7a9a403e30a0c: 'Argon2d',
  '9e298b1956db4773b23dfc3ec6f0a1e6': 'Argon2id',
};
