// A long run spread over processes: each is this same program, is sent one job after another, and answers each.
import { type ChildProcess, fork } from 'node:child_process';
import { type Done, doJob, type Job, type Spread } from '../../src/simulation/jobs.ts';

/** Whether this process was started to work for another; then it does, until that one lets go of it. */
export function worksForAnother(): boolean {
  if (!process.send) return false;
  process.on('message', (job: Job) => {
    void doJob(job).then((done) => process.send?.(done));
  });
  return true;
}

/** `program` is a script that calls `worksForAnother` first. */
export function overProcesses(program: string, count: number): Spread {
  return async (jobs, onDone) => {
    const left = [...jobs];
    const workers = Array.from({ length: Math.min(count, jobs.length) }, () =>
      fork(program, { serialization: 'advanced' }),
    );
    try {
      await Promise.all(workers.map((worker) => workOff(worker, left, onDone)));
    } finally {
      for (const worker of workers) worker.disconnect();
    }
  };
}

function workOff(worker: ChildProcess, left: Job[], onDone: (done: Done) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const next = (): void => {
      const job = left.shift();
      if (job) worker.send(job);
      else resolve();
    };
    worker.on('message', (done: Done) => {
      onDone(done);
      next();
    });
    worker.on('error', reject);
    worker.on('exit', (code) => reject(new Error(`A process of the run ended with ${code}.`)));
    next();
  });
}
