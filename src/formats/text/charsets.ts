/** Which letters a single-byte set holds above ASCII. */
export type Script = 'latin' | 'cased' | 'caseless' | 'thai';

/** A set of 256 characters, one byte each. */
export interface Charset {
  readonly name: string;
  readonly script: Script;
  /** Its 256 characters, or those from 0x80 on where the first half is ASCII; U+FFFD stands for none. */
  readonly characters: () => string;
}

/** Sets that the Encoding Standard (WHATWG) knows, more frequent ones first. */
const standard: Readonly<Record<Script, readonly string[]>> = {
  latin: [
    ...['windows-1252', 'windows-1250', 'windows-1254', 'windows-1257', 'windows-1258'],
    ...['iso-8859-2', 'iso-8859-3', 'iso-8859-4', 'iso-8859-10', 'iso-8859-13', 'iso-8859-14', 'iso-8859-15'],
    'macintosh',
  ],
  cased: [
    ...['windows-1251', 'koi8-r', 'koi8-u', 'iso-8859-5', 'ibm866', 'x-mac-cyrillic'],
    ...['windows-1253', 'iso-8859-7'],
  ],
  caseless: ['windows-1255', 'windows-1256', 'iso-8859-6', 'iso-8859-8'],
  thai: ['windows-874'],
};

/** Code pages of DOS, from 0x80 on (Unicode Consortium, MAPPINGS/VENDORS/MICSFT/PC). */
const dos: readonly (readonly [name: string, script: Script, characters: string])[] = [
  [
    'ibm437',
    'latin',
    'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0',
  ],
  [
    'ibm850',
    'latin',
    'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0',
  ],
  [
    'ibm852',
    'latin',
    'ÇüéâäůćçłëŐőîŹÄĆÉĹĺôöĽľŚśÖÜŤťŁ×čáíóúĄąŽžĘę¬źČş«»░▒▓│┤ÁÂĚŞ╣║╗╝Żż┐└┴┬├─┼Ăă╚╔╩╦╠═╬¤đĐĎËďŇÍÎě┘┌█▄ŢŮ▀ÓßÔŃńňŠšŔÚŕŰýÝţ´\u00ad˝˛ˇ˘§÷¸°¨˙űŘř■\u00a0',
  ],
  [
    'ibm737',
    'cased',
    'ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩαβγδεζηθικλμνξοπρσςτυφχψ░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀ωάέήϊίόύϋώΆΈΉΊΌΎΏ±≥≤ΪΫ÷≈°∙·√ⁿ²■\u00a0',
  ],
  [
    'ibm862',
    'caseless',
    'אבגדהוזחטיךכלםמןנסעףפץצקרשת¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0',
  ],
];

/**
 * EBCDIC code page 037 from 0x40 on (IBM CDRA). Page 500 and the national ones differ in a few punctuation marks and
 * in the places of accented letters, which doesn't matter here; NEL (0x15) ends lines.
 */
const ebcdic =
  '\u0000\u0000\u0000\u0000\u0000\t\u0000\u0000\u0000\u0000\u0000\u0000\f\r\u0000\u0000'.padEnd(
    21,
    '\u0000',
  ) +
  '\n'.padEnd(16, '\u0000') +
  '\n'.padEnd(27, '\u0000') +
  ' \u00a0âäàáãåçñ¢.<(+|&éêëèíîïìß!$*);¬-/ÂÄÀÁÃÅÇÑ¦,%_>?øÉÊËÈÍÎÏÌ`:#@\'="' +
  'Øabcdefghi«»ðýþ±°jklmnopqrªºæ¸Æ¤µ~stuvwxyz¡¿ÐÝÞ®^£¥·©§¶¼½¾[]¯¨´×' +
  '{ABCDEFGHI\u00adôöòóõ}JKLMNOPQR¹ûüùúÿ\\÷STUVWXYZ²ÔÖÒÓÕ0123456789³ÛÜÙÚ\u0000';

export const charsets: readonly Charset[] = [
  ...Object.entries(standard).flatMap(([script, names]) =>
    names.map((name) => ({ name, script: script as Script, characters: () => decodeHighHalf(name) })),
  ),
  ...dos.map(([name, script, characters]) => ({ name, script, characters: () => characters })),
  { name: 'ebcdic', script: 'latin', characters: () => ebcdic },
];

/** Builds of Node without full ICU lack some sets: their bytes then count as undefined, and no text claims them. */
function decodeHighHalf(name: string): string {
  const high = Uint8Array.from({ length: 128 }, (_, i) => 128 + i);
  try {
    return new TextDecoder(name).decode(high);
  } catch (error) {
    if (error instanceof RangeError) return '\ufffd'.repeat(128);
    throw error;
  }
}
