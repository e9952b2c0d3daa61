import { expect, test } from "vitest";
import { EventLog } from "../../../../src/execution/event-log.js";
import { ArtifactKeeper } from "../../../../src/execution/observers/artifact-keeper.js";
import { CommandHistory } from "../../../../src/execution/observers/command-history.js";
import { FakePool } from "../../../support/fake-browser.js";
import { MemoryArtifacts, MemoryStore } from "../../../support/memory-store.js";
import { silentLog } from "../../../support/silent-log.js";
import { step } from "../set-up.js";

test("the record tells how the last command ended, also where an earlier one failed softly", async () => {
  const { signal: cancelled } = new AbortController();
  const eventLog = new EventLog({ store: new MemoryStore(), log: silentLog });
  const artifacts = new MemoryArtifacts();
  const session = await new FakePool(1).acquire(cancelled);
  const keeper = new ArtifactKeeper({ runId: "run", session, cancelled, artifacts, log: silentLog });
  const scope = { runLog: eventLog.open({ id: "run", requestId: null }) };
  const history = new CommandHistory({ scope, keeper });
  history.stepBegun(step(11, 1, null));
  history.commandBegun(1, { action: "log", message: "a" }, "a");
  history.commandEnded(1, { verdict: "failed", errorMessage: "softly", endsStep: false });
  history.commandBegun(2, { action: "log", message: "b" }, "b");
  history.commandEnded(2, { verdict: "error", errorMessage: "for good", endsStep: true });
  const kept = await history.stepEnded({ verdict: "error", command: 1, wantsEvidence: true });
  expect(kept).toEqual([{ kind: "commands", url: expect.any(String) as string }]);
  expect(JSON.parse(artifacts.texts("commands")[0] ?? "")).toMatchObject([
    { number: 1, verdict: "failed", error_message: "softly" },
    { number: 2, verdict: "error", error_message: "for good", duration_ms: expect.any(Number) as number },
  ]);
});
