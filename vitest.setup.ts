import fc from 'fast-check';

// Property tests draw the same cases in every run, so that a failure belongs to the change that brought it. With
// CONNECTOR_NIGHTLY set they draw others each time, and more of them.
if (process.env.CONNECTOR_NIGHTLY === undefined) fc.configureGlobal({ seed: 20_261_121 });
