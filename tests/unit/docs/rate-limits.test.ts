import { ownPage, rateLimitsPage } from "../../../docs/reference/rate-limits";
import { limitedConfiguration } from "../../support/limited-settings";
import { settingsOf, smallConfiguration } from "../../support/settings";

test("SA-W1: the page tells the limits that production declares", () => {
  expect(ownPage()).toContain("| general | `/` | 100 | 15 minutes |");
});

test("every limit is a line with its paths, its number and its window", () => {
  const page = rateLimitsPage(settingsOf(limitedConfiguration()));
  expect(page).toContain("Hosts: `api.acme.example`.");
  expect(page).toContain("| general | `/` | 100 | 15 minutes |");
  expect(page).toContain("| password-reset | `/auth/reset` | 3 | hour |");
  expect(page).toContain("Not limited: `/health`, `/api/health`, `/health/startup`");
});

test("a service without limits is not named", () => {
  expect(rateLimitsPage(settingsOf(smallConfiguration()))).not.toContain("## ");
});
