// Keeps one core busy until it is killed, or until the process that wants the load has gone.
process.on("disconnect", () => process.exit());
for (;;) {
  const until = performance.now() + 200;
  while (performance.now() < until) Math.sqrt(Math.random());
  await new Promise((resolve) => setImmediate(resolve));
}
