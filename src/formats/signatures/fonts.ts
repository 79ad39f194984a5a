import type { KnownFormat } from '../format.ts';

export const fonts: readonly KnownFormat[] = [
  {
    id: 'type1-text',
    title: 'Type 1 font, text',
    extensions: ['pfa'],
    signatures: [
      { at: 0, hex: '252150532d41646f6265466f6e74' },
      { at: 0, hex: '2521466f6e745479706531' },
    ],
    spec: 'Adobe Type 1 Font Format, section 2.3',
  },
  {
    id: 'afm',
    title: 'Adobe font metrics',
    extensions: ['afm'],
    signatures: [{ at: 0, hex: '5374617274466f6e744d657472696373' }],
    spec: 'Adobe Technical Note 5004',
  },
  {
    id: 'bdf',
    title: 'Glyph bitmap distribution',
    extensions: ['bdf'],
    signatures: [{ at: 0, hex: '5354415254464f4e5420' }],
    spec: 'Adobe Technical Note 5005',
  },
  {
    id: 'fontforge',
    title: 'FontForge source',
    extensions: ['sfd'],
    signatures: [{ at: 0, hex: '53706c696e65466f6e7444423a' }],
    spec: 'FontForge, Spline Font Database file format',
  },
  {
    id: 'console-font',
    title: 'Linux console font',
    extensions: ['psf', 'psfu'],
    signatures: [{ at: 0, hex: '72b54a86' }],
    spec: 'kbd source, psf.h',
  },
  {
    id: 'speedo',
    title: 'Bitstream Speedo font',
    extensions: ['spd'],
    signatures: [{ at: 0, hex: '44312e300d' }],
    spec: 'X11, Speedo spdo.h',
  },
  {
    id: 'autocad-shape',
    title: 'AutoCAD shapes and fonts',
    extensions: ['shx'],
    signatures: [
      { at: 0, hex: '4175746f4341442d383620736861706573' },
      { at: 0, hex: '4175746f4341442d383620756e69666f6e74' },
      { at: 0, hex: '4175746f4341442d383620626967666f6e74' },
    ],
    spec: 'ezdxf source, fonts/shapefile.py',
  },
];
