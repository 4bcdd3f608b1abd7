import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Activity } from './activity.ts';
import type { RequestEntry } from './request-log.ts';
import type { Store } from './store/store.ts';

/** Metrics of a harness, as Prometheus reads them. */
export interface Metrics {
  readonly contentType: string;
  text(): Promise<string>;
  observe(request: RequestEntry): void;
  /** Told of every fault of the harness itself. */
  fault(): void;
}

/** Upper bounds in seconds: most answers take about a millisecond, those that others are asked for up to 40 seconds. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 40];

/** Methods that are told apart; clients can invent others. */
const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/**
 * Metrics with the usual names. Labels have few values: the templates of paths, never paths themselves, nor names of spaces.
 * @param active how many requests are under way
 */
export function metricsOf(store: Store, activity: Activity, active: () => number): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const labelNames = ['method', 'route', 'status'] as const;
  const requests = new Counter({
    name: 'http_requests_total',
    help: 'Finished requests, by the template of their path; status 0: the connection was cut first.',
    ...{ labelNames, registers },
  });
  const durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Seconds from a request to the end of its response; without event streams.',
    ...{ labelNames, registers, buckets: BUCKETS },
  });
  const faults = new Counter({
    name: 'harness_faults_total',
    help: 'Internal errors of the harness; injected faults are not counted.',
    registers,
  });
  gauge('http_requests_in_flight', 'Requests that are not answered yet.', active);
  gauge('harness_event_streams', 'Event streams that are open.', () => activity.eventStreams);
  counter('harness_journal_entries_total', 'Entries written to journals.', () => activity.journalEntries);
  if (store.figures !== undefined) {
    const figures = () => (store.figures as NonNullable<Store['figures']>)();
    new Gauge({
      name: 'harness_store_connections',
      help: 'Connections to the database, by whether a transaction uses them.',
      ...{ labelNames: ['state'], registers },
      collect() {
        const { active: used, idle } = figures().connections;
        this.set({ state: 'active' }, used);
        this.set({ state: 'idle' }, idle);
      },
    });
    gauge('harness_store_waiting', 'Transactions that wait for a connection.', () => figures().connections.waiting);
    counter('harness_store_retries_total', 'Times that the database was tried again.', () => figures().retries);
    counter('harness_store_conflicts_total', 'Transactions begun anew.', () => figures().conflicts);
  }
  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    observe: ({ method, route = '', status, milliseconds }) => {
      const labels = { method: METHODS.has(method) ? method : 'other', route, status: String(status) };
      requests.inc(labels);
      if (route !== STREAM) durations.observe(labels, milliseconds / 1000);
    },
    fault: () => faults.inc(),
  };

  function gauge(name: string, help: string, value: () => number): void {
    new Gauge({
      ...{ name, help, registers },
      collect() {
        this.set(value());
      },
    });
  }

  function counter(name: string, help: string, value: () => number): void {
    new Counter({
      ...{ name, help, registers },
      collect() {
        this.reset();
        this.inc(value());
      },
    });
  }
}

/** It lasts as long as somebody reads. */
const STREAM = '/__harness/journal/stream';
