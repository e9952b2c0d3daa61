/** Shows people, and a test, what the application believes. */
export function showState(state) {
  document.querySelector("#state").textContent = typeof state === "string" ? state : JSON.stringify(state);
}

export const root = document.querySelector("#root");
