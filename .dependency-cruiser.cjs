// Imports between the rooms of src/ go upwards only, in this order.
const floors = [
  ['kernel', 'bytes'],
  ['checks'],
  ['ledger'],
  ['formats', 'signs'],
  ['verdict'],
  ['examine'],
  ['report', 'sources'],
  ['baseline'],
  ['scan'],
  ['gate', 'salvage'],
  ['cli'],
];

const upwardsOnly = floors.flatMap((rooms, level) => {
  const above = floors.slice(level + 1).flat();
  if (above.length === 0) return [];
  return [
    {
      name: `upwards-only-from-${rooms.join('-')}`,
      comment: `${rooms.join(', ')} must not know the rooms above`,
      severity: 'error',
      from: { path: `^src/(${rooms.join('|')})/` },
      to: { path: `^src/(${above.join('|')})/` },
    },
  ];
});

module.exports = {
  forbidden: [
    ...upwardsOnly,
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'index-is-a-door',
      severity: 'error',
      from: { path: '^src/[^/]+/' },
      to: { path: '^src/index\\.ts$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.js'] },
  },
};
