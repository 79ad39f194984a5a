// The parts stand in a folder of their own, since each file of this one is compiled as a module with its own memory.
import { END } from './parts/layout';

export { measure } from './parts/blocks';
export { addFold, beginColumns, clearFold, measureColumns, narrowColumns } from './parts/fold';
export { beginSweep, endSweep, gatherBackground, refineBackground, sweep } from './parts/runs';
export { addTraits, clearTraits } from './parts/traits';
export { contrastWidth, squaresOf } from './parts/windows';

memory.grow(<i32>(END >> 16) - memory.size());
