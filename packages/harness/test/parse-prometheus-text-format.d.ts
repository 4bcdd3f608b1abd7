declare module 'parse-prometheus-text-format' {
  interface Metric {
    readonly value?: string;
    readonly count?: string;
    readonly labels?: Readonly<Record<string, string>>;
  }
  /** Metrics in the text format of Prometheus, by family. */
  function parse(text: string): { readonly name: string; readonly type: string; readonly metrics: readonly Metric[] }[];

  // biome-ignore lint/style/noDefaultExport: the library has one, and no types.
  export { parse as default };
}
