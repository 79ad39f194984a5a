// The parts stand in a folder of their own, since each file of this one is compiled as a module with its own memory.
import { END } from './parts/layout';

export { measure } from './parts/blocks';
export { addFold, clearFold, makeColumns, measureColumns } from './parts/fold';
export { beginSweep, endSweep, gatherBackground, sweep } from './parts/runs';
export { addTraits, clearTraits } from './parts/traits';
export { contrastWidth, squaresOf } from './parts/windows';

memory.grow(<i32>(END >> 16) - memory.size());
