import { Broken } from '../../bytes/errors.ts';
import { overrun } from '../../bytes/overrun.ts';
import type { Reader } from '../../bytes/reader.ts';
import { contradictions, type JpegScanDecoder, outcomes } from '../../checks/jpeg-scan.ts';

/** Brings the bytes of entropy-coded segments to the decoder and knows which byte of the file it is at. */
export class Feed {
  readonly #reader: Reader;
  readonly #decoder: JpegScanDecoder;
  readonly #limit: number;
  /** The file's bytes that the decoder has been given. */
  #given = { start: 0, end: 0 };
  /** Where the current segment begins, and up to where it was taken. */
  #start: number;
  #at: number;
  #taken = 0;
  #isAll = false;
  #isCut = false;

  constructor(reader: Reader, decoder: JpegScanDecoder, start: number, limit: number) {
    this.#reader = reader;
    this.#decoder = decoder;
    this.#start = start;
    this.#at = start;
    this.#limit = limit;
  }

  /** Where the next byte that isn't taken stands: after `finish`, the 0xFF of the next marker. */
  get at(): number {
    return this.#at;
  }

  /** Starts a segment of `mcus` at `start`. */
  begin(start: number, mcus: number): void {
    this.#start = this.#at = start;
    this.#taken = 0;
    this.#isAll = this.#isCut = false;
    this.#decoder.beginInterval(mcus);
  }

  /** @throws Broken, Truncated when the bytes aren't that many MCUs. */
  decode(): void {
    for (;;) {
      const outcome = this.#decoder.decode(this.#isAll);
      if (outcome === outcomes.done) return;
      if (outcome !== outcomes.more) throw this.#contradiction(outcome);
      this.#fill();
    }
  }

  /** The segment must end here, but for bits that fill up its last byte (T.81 F.1.2.3). Returns those. */
  finish(): { readonly value: number; readonly count: number } {
    while (!this.#isAll && this.#decoder.bitsLeft < 8) this.#fill();
    const count = this.#decoder.bitsLeft;
    if (count >= 8) throw new Broken(this.#position(), 'data after the last MCU', 'a marker', 'more data');
    return { value: count === 0 ? 0 : this.#decoder.peekBits(count), count };
  }

  #contradiction(outcome: number): Broken {
    const what = contradictions[outcome] ?? 'scan';
    if (this.#isCut && this.#decoder.bitsLeft < 0) return overrun(this.#reader, this.#limit, what, 1);
    return new Broken(this.#position(), what, 'MCUs of the frame', `${this.#decoder.mcusLeft} are missing`);
  }

  #fill(): void {
    if (this.#at < this.#given.start || this.#at >= this.#given.end - 1) this.#give();
    const { start, end } = this.#given;
    const before = this.#decoder.bitsLeft;
    this.#at = start + this.#decoder.take(this.#at - start, end - start);
    this.#taken += (this.#decoder.bitsLeft - before) >> 3;
    this.#isCut = this.#at >= this.#limit - 1 && !this.#isAtMarker();
    this.#isAll = this.#isCut || this.#isAtMarker();
  }

  #give(): void {
    const length = Math.min(this.#decoder.rawSize, this.#limit - this.#at);
    this.#decoder.give(this.#reader.bytes(this.#at, length, 'scan'));
    this.#given = { start: this.#at, end: this.#at + length };
    this.#reader.meter.produce(length);
  }

  #isAtMarker(): boolean {
    if (this.#at + 1 >= this.#limit) return false;
    return this.#reader.u8(this.#at) === 0xff && this.#reader.u8(this.#at + 1) !== 0;
  }

  /** The byte of the file at which the decoder stands. */
  #position(): number {
    let left = this.#taken - Math.ceil(this.#decoder.bitsLeft / 8);
    let at = this.#start;
    for (; left > 0 && at < this.#at; left--) at += this.#reader.u8(at) === 0xff ? 2 : 1;
    return at;
  }
}
