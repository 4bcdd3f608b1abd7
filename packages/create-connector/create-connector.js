#!/usr/bin/env node
import { main } from '@connectorkit/cli';

process.exitCode = await main(['create', ...process.argv.slice(2)], { program: 'create-connector' });
