/** The words in which every room speaks of a file. */

/** Why a range of bytes is what its writer wrote, strongest first. */
export const proofs = ['checksum', 'decoder', 'grammar', 'structure', 'padding', 'contrast'] as const;
export type Proof = (typeof proofs)[number];

/** What follows from the evidence under a policy, worst first. */
export const verdicts = [
  'encrypted',
  'damaged',
  'suspect',
  'unread',
  'unproved',
  'protected',
  'intact',
] as const;
export type Verdict = (typeof verdicts)[number];

/**
 * How genuine bytes of a format look to statistics:
 * - `plain`: no honest 512 bytes pass for ciphertext (text, records, pages, samples);
 * - `packed`: deflate, JPEG, MP3 and their like: honest 4 KiB may pass, honest 64 KiB don't;
 * - `dense`: LZMA, zstd, range coders, video: statistics can't tell it from ciphertext at any length.
 */
export type Texture = 'plain' | 'packed' | 'dense';
