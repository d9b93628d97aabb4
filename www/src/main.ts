import { start } from "./core.ts";

const status = document.querySelector("[role=status]");

try {
  await start();
  if (status) status.textContent = "ready";
} catch (error) {
  if (status) status.textContent = `The simulator did not start: ${error}`;
  throw error;
}
