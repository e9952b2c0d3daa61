import { expect, test } from "vitest";
import { Gate } from "../../../src/execution/gate.js";

function watched(gate: Gate, signal = new AbortController().signal) {
  const told: string[] = [];
  const watcher = {
    onHeld: (reason: string) => told.push(`held: ${reason}`),
    onReleased: () => told.push("released"),
  };
  return { told, pass: (within = false) => gate.pass(signal, watcher, { within }) };
}

test("an open gate lets everything pass and tells nothing", async () => {
  const { told, pass } = watched(new Gate());
  await pass();
  expect(told).toEqual([]);
});

test("a closed gate holds until it is opened", async () => {
  const gate = new Gate();
  const { told, pass } = watched(gate);
  gate.hold("Why not");
  const passing = pass().then(() => told.push("passed"));
  await new Promise(setImmediate);
  expect(told).toEqual(["held: Why not"]);
  expect(gate.resume()).toBe(true);
  await passing;
  expect(told).toEqual(["held: Why not", "released", "passed"]);
  await pass();
  expect(told).toHaveLength(3);
});

test("a step lets one pass, then holds again", async () => {
  const gate = new Gate();
  const { told, pass } = watched(gate);
  gate.hold("Why not");
  const first = pass();
  gate.step();
  await first;
  const second = pass();
  await new Promise(setImmediate);
  expect(told).toEqual(["held: Why not", "released", "held: Paused after one command."]);
  gate.resume();
  await second;
});

test("as many steps as were asked for are let pass", async () => {
  const gate = new Gate();
  const { told, pass } = watched(gate);
  gate.hold("Why not");
  gate.step();
  gate.step();
  await pass();
  await pass();
  expect(told).toEqual([]);
  const third = pass();
  await new Promise(setImmediate);
  expect(told).toHaveLength(1);
  gate.resume();
  await third;
});

test("a step out of a command that holds lets the next command pass too", async () => {
  const gate = new Gate();
  const { told, pass } = watched(gate);
  gate.hold("The script pauses here.");
  const inside = pass(true);
  gate.step();
  await inside;
  await pass();
  expect(told).toEqual(["held: The script pauses here.", "released"]);
  const next = pass();
  await new Promise(setImmediate);
  expect(told.at(-1)).toBe("held: Paused after one command.");
  gate.resume();
  await next;
});

test("what was asked to be held but is let go before it comes to the gate is never held", async () => {
  const gate = new Gate();
  const { told, pass } = watched(gate);
  gate.hold("Why not");
  expect(gate.resume()).toBe(true);
  await pass();
  expect(told).toEqual([]);
});

test("an open gate can be neither opened nor stepped", () => {
  const gate = new Gate();
  expect(gate.resume()).toBe(false);
  expect(gate.step()).toBe(false);
});

test("an abort ends the wait with its reason", async () => {
  const gate = new Gate();
  const controller = new AbortController();
  const { told, pass } = watched(gate, controller.signal);
  gate.hold("Why not");
  const passing = pass();
  controller.abort(new Error("Cancelled"));
  await expect(passing).rejects.toThrow("Cancelled");
  expect(told).toEqual(["held: Why not"]);
  await expect(pass()).rejects.toThrow("Cancelled");
});
