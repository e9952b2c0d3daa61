import { expect, test } from "vitest";
import { TestClient } from "../../support/client.js";
import { FakePool } from "../../support/fake-browser.js";
import { startApp } from "../../support/test-app.js";

const OPEN = [{ action: "navigate", url: "http://app.test/" }];
const FAILING = [{ action: "verify_element_present", locator_type: "id", locator_value: "x", timeout: 0.01 }];

async function run(screenshots: string, script: object[]) {
  const testApp = await startApp({ SCREENSHOTS: screenshots }, { pool: new FakePool() });
  const client = await TestClient.connect(testApp.address);
  try {
    const { stepIds } = await testApp.createCase([script]);
    client.send({ type: "execute_step", step_id: stepIds[0] });
    const complete = await client.next("execution_complete");
    const pictures = client.received.filter(({ type }) => type === "screenshot");
    const [first] = pictures;
    const picture = first && (await (await fetch(`http://${testApp.address}${String(first["url"])}`)).text());
    return { complete, pictures, picture };
  } finally {
    client.close();
    await testApp.close();
  }
}

test("inline: the picture is in the message, and at its URL", async () => {
  const { pictures, picture } = await run("inline", OPEN);
  expect(pictures).toHaveLength(1);
  expect(Buffer.from(String(pictures[0]?.["image"]), "base64").toString()).toBe(picture);
});

test("url: the message names the picture only", async () => {
  const { pictures, picture } = await run("url", OPEN);
  expect(pictures).toMatchObject([{ image: "", step: 1 }]);
  expect(picture).toMatch(/^picture/);
});

test("off: no message, but a failure still keeps its evidence", async () => {
  expect((await run("off", OPEN)).pictures).toEqual([]);
  const { complete, pictures } = await run("off", FAILING);
  expect(pictures).toEqual([]);
  expect(complete).toMatchObject({
    status: "failed",
    artifacts: ["screenshot", "page_source", "console", "network", "commands"].map((kind) => ({ kind })),
  });
});
