// What the firm's site has always done: its services, and enquiries kept in a file.
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Router } from 'express';

const services = [
  { name: 'Diagnostic call', minutes: 30, price: 0 },
  { name: 'Half a day on site', minutes: 240, price: 900 },
];

export function createSite(folder: string): Router {
  return Router()
    .get('/health', (_request, response) => void response.json({ up: true }))
    .get('/services', (_request, response) => void response.json(services))
    .post('/enquiries', async (request, response) => {
      const { email, question }: { email?: unknown; question?: unknown } = request.body ?? {};
      if (typeof email !== 'string' || typeof question !== 'string') {
        response.status(400).json({ fault: 'An enquiry has an email and a question.' });
        return;
      }
      await appendFile(join(folder, 'enquiries.jsonl'), `${JSON.stringify({ email, question })}\n`);
      response.status(201).json({ thanks: true });
    });
}
