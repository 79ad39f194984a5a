/** What the header says (Adobe Photoshop File Formats Specification, "File header section"). */
export interface Canvas {
  /** PSB: lengths of 64 bits where PSD has 32. */
  readonly isBig: boolean;
  readonly channels: number;
  readonly width: number;
  readonly height: number;
  readonly bits: number;
}
