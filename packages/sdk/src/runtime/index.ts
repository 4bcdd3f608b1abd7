/** Running connections */

export { isAnswerTo } from './authorize.ts';
export type { Instance } from './instance.ts';
export { LIMITS, type RunLimits } from './limits.ts';
export { errorsIn, type Outcome, type PrepareOptions, prepare, problemsIn, type Runnable } from './prepare.ts';
export type { Visit } from './records.ts';

/** Sending requests */

export {
  type HttpAnswer,
  type HttpCall,
  type Transport,
  TransportError,
  type TransportFailure,
} from './transport.ts';

/** Traces */

export { curlOf } from './curl.ts';
export type {
  RunName,
  Trace,
  TraceExchange,
  TraceExpression,
  TracePlace,
  TraceStep,
  TraceStored,
  TraceVisit,
} from './trace.ts';
export { type TraceLinesOptions, traceLines } from './trace-lines.ts';
