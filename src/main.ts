import { adapters } from '#adapters';
import { runCommandLine } from './cli/program.ts';

await runCommandLine(process.argv, adapters);
