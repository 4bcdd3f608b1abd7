import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { CALLBACK } from '../ours.js';
import { attemptsAt, CONSUMER } from './oauth1.js';

export const attempts = attemptsAt(async ({ place, onEnd }) => {
  const words = [join(import.meta.dirname, 'oauthlib.py'), place, CONSUMER.key, CONSUMER.secret, CALLBACK];
  const child = spawn('python3', words, { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.on('data', (text) => {
    said += text;
  });
  onEnd(() => child.kill());
  const port = await new Promise((resolve, reject) => {
    child.stdout.once('data', (text) => resolve(Number(String(text))));
    child.once('close', () => reject(new Error(said)));
  });
  return { url: `http://127.0.0.1:${port}` };
});
