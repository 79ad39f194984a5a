/** The method is known, but nothing here unpacks it: no finding about the file. */
export class NotUnpacked extends Error {
  override readonly name = 'NotUnpacked';
}
