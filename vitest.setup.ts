import fc from 'fast-check';

// The same cases every time, so that a red run is red for everybody; FAST_CHECK_SEED=$RANDOM looks further.
fc.configureGlobal({ seed: Number(process.env['FAST_CHECK_SEED'] ?? 20260105) });
