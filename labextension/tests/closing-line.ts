import type { Reporter, TestModule } from 'vitest/node';

/** Ends a run with one plain line, the same for people and for scripts: "3 passed, 0 failed". */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const counts = { passed: 0, failed: 0, skipped: 0 };
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        counts[state === 'pending' ? 'failed' : state] += 1;
      }
      if (module.errors().length > 0) {
        counts.failed += 1;
      }
    }
    const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
    process.stdout.write(
      `TypeScript: ${counts.passed} passed, ${counts.failed} failed${skipped}\n`
    );
  }
}
