import { beforeEach } from "vitest";

/** Set-up of tests that cannot run on this machine, as the name of their project says. */
beforeEach(({ skip }) => {
  skip();
});
