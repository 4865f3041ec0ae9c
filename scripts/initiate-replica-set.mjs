// Makes the mongod on a port of this machine a replica set of one, and waits until it takes writes. Arguments: the port,
// and the pid that must be the one answering.
import { setTimeout as sleep } from 'node:timers/promises';
import { MongoClient } from 'mongodb';

const [port, pid] = process.argv.slice(2).map(Number);
const client = new MongoClient(`mongodb://127.0.0.1:${port}/?directConnection=true`, {
  serverSelectionTimeoutMS: 20_000,
});
const admin = client.db('admin');
const status = await admin.command({ serverStatus: 1 });
if (Number(status.pid) !== pid) throw new Error(`another server (pid ${status.pid}) answers on port ${port}`);
await admin.command({
  replSetInitiate: { _id: 'rs0', members: [{ _id: 0, host: `127.0.0.1:${port}` }] },
});
for (let tries = 0; !(await admin.command({ hello: 1 })).isWritablePrimary; tries += 1) {
  if (tries > 200) throw new Error('the server did not become primary');
  await sleep(50);
}
await client.close();
