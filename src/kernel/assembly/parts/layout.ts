// Where everything stands in the module's memory, in bytes. The first 64 KiB are the compiler's own.

/** The window that readers fill. */
export const INPUT: usize = 0x100000;
/** Bytes from elsewhere are copied here, up to 64 KiB at a time. */
export const STAGING: usize = 0x200000;

/** Four interleaved histograms of one block: 4 × 256 × u16. */
export const QUARTERS: usize = 0x10000;
/** Histogram of one block: 256 × u16. */
export const BINS: usize = 0x10800;
/** Histogram of all blocks in one call that look uniform, then of the others: 2 × 256 × u32. */
export const UNIFORM_TOTAL: usize = 0x11000;
export const OTHER_TOTAL: usize = 0x11400;
/** For each block of one call: Σc² (u32), printable bytes (u32), zero bytes (u32), Σ c·log2 c (f64). */
export const SQUARES: usize = 0x12000;
export const PRINTABLE: usize = 0x12400;
export const ZEROS: usize = 0x12800;
export const LOGS: usize = 0x13000;
/** Σc² at and above which, then at and below which a window of 64 << i bytes contrasts: 2 × 6 × u32. */
export const CONTRAST_UPPER: usize = 0x14000;
export const CONTRAST_LOWER: usize = 0x14040;
/** Score of each byte value in 1/1024 nat: 256 × i32. */
export const SCORES: usize = 0x14400;
/** Histogram of windows that are not uniform: 256 × u32. */
export const BACKGROUND: usize = 0x14800;
/** The run that a sweep found: start, end (bytes), peak (nats): 3 × f64. */
export const RUN: usize = 0x14c00;
/** Σc² and bytes of some columns: 2 × u32. */
export const COLUMN: usize = 0x14c20;
/** Histogram of bytes, of nibble pairs: 2 × 256 × u32; one bits, changes of bits: 2 × u32. */
export const BYTE_COUNTS: usize = 0x15000;
export const PAIR_COUNTS: usize = 0x15400;
export const BIT_COUNTS: usize = 0x15800;
/** c·log2 c for c = 0 … 4096: f64. */
export const C_LOG_C: usize = 0x18000;
/** Histograms of the 64 windows of a stretch: 64 × 256 × u8. */
export const WINDOWS: usize = 0x24000;
/** Σc² of these windows: 64 × u32. */
export const WINDOW_SQUARES: usize = 0x28000;
/** 192 histograms by place in a period of 1,536 bytes, then their sums for a shorter one: 2 × 192 × 256 × u16. */
export const RESIDUES: usize = 0x30000;
export const COLUMNS: usize = 0x50000;
/** The memory's size. */
export const END: usize = 0x210000;
