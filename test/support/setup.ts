import { configureGlobal } from 'fast-check';

// The same cases in every run. Other cases: FAST_CHECK_SEED=$RANDOM npm test
configureGlobal({ seed: Number(process.env.FAST_CHECK_SEED ?? 24_062_019) });
