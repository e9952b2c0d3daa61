import { expect, test } from "vitest";
import { HIDE_SECRETS } from "../../../src/runner/picture-script.generated.js";
import { PageError, type Page } from "../../../src/runner/ports.js";
import { pictureTakers } from "../../../src/runner/secrets/pictures.js";

// A test in Chromium covers the functions inside a page: test/browser/safety/secrets-in-pictures.test.ts.

const { takePicture, takeVideoFrame } = pictureTakers();

/** A page that answers the calls in order; what is left out is answered with nothing. */
function pageWith(answers: (string | Error)[], options: Partial<Page> = {}) {
  const calls: string[] = [];
  const page = {
    openDialog: undefined,
    call: async (declaration: string) => {
      calls.push(declaration === HIDE_SECRETS ? "hide" : "show");
      const answer = answers.shift() ?? "";
      if (answer instanceof Error) throw answer;
      return answer;
    },
    screenshot: async () => {
      calls.push("picture");
      return Buffer.from("picture");
    },
    ...options,
  };
  // The cast holds because nothing else of a page is used.
  const fake = page as unknown as Page;
  return {
    calls,
    take: (secrets = ["s"]) => takePicture(fake, secrets, signal),
    takeFrame: (secrets = ["s"]) => takeVideoFrame(fake, secrets, signal),
  };
}

const signal = new AbortController().signal;

test("without secrets the page is not touched", async () => {
  const { calls, take } = pageWith([]);
  await take([]);
  expect(calls).toEqual(["picture"]);
});

test("secrets are hidden while the picture is taken", async () => {
  const { calls, take } = pageWith([]);
  expect(String(await take())).toBe("picture");
  expect(calls).toEqual(["hide", "picture", "show"]);
});

test("a frame of a video is taken in the same way", async () => {
  const videoFrame = async () => {
    calls.push("frame");
    return Buffer.from("frame");
  };
  const { calls, takeFrame } = pageWith([], { videoFrame });
  expect(String(await takeFrame())).toBe("frame");
  expect(calls).toEqual(["hide", "frame", "show"]);
  await expect(pageWith([]).takeFrame([])).rejects.toThrow(/no pictures for a video/);
});

test("what is hidden for one picture is not shown again for another, for they wait for each other", async () => {
  const videoFrame = async () => {
    calls.push("frame");
    return Buffer.from("frame");
  };
  const { calls, take, takeFrame } = pageWith(["", new Error("the browser is gone")], { videoFrame });
  const failed = take();
  await Promise.all([expect(failed).rejects.toThrow("the browser is gone"), takeFrame(), take()]);
  const one = ["hide", "frame", "show"];
  expect(calls).toEqual(["hide", "picture", "show", "show", ...one, "hide", "picture", "show"]);
});

test("a picture during which a secret came up is taken again, but not for ever", async () => {
  const once = pageWith(["", "new"]);
  await once.take();
  expect(once.calls).toEqual(["hide", "picture", "show", "hide", "picture", "show"]);
  const always = pageWith(["", "new", "", "new", "", "new"]);
  await expect(always.take()).rejects.toThrow(/kept coming up/);
});

test("a document that was replaced meanwhile is looked at anew", async () => {
  const { calls, take } = pageWith(["", new PageError("document-replaced", "gone")]);
  await take();
  expect(calls).toEqual(["hide", "picture", "show", "hide", "picture", "show"]);
});

test("no picture is taken when secrets cannot be hidden", async () => {
  const { calls, take } = pageWith(["this browser cannot hide text in a page"]);
  await expect(take()).rejects.toThrow("No picture is taken: this browser cannot hide text in a page.");
  expect(calls).not.toContain("picture");
  const blocked = pageWith([], { openDialog: { kind: "alert", message: "", state: "open" } });
  await expect(blocked.take()).rejects.toThrow(/open dialog/);
  expect(blocked.calls).toEqual([]);
});

test("the page looks as before also when the picture could not be taken", async () => {
  const { calls, take } = pageWith([], { screenshot: () => Promise.reject(new Error("no picture")) });
  await expect(take()).rejects.toThrow("no picture");
  expect(calls).toEqual(["hide", "show"]);
});
