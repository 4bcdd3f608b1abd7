#!/usr/bin/env node
export {};
//# sourceMappingURL=connector.d.ts.map
