import type { Command } from "../protocol/commands.js";

/** Where `npm run demo:site` serves the demo app. */
export const DEMO_SITE_PORT = 8010;
export const DEMO_SITE_URL = `http://127.0.0.1:${DEMO_SITE_PORT}`;

/** The body of `POST /api/test-cases`. */
export interface DemoCase {
  name: string;
  description: string;
  requirements: string;
  steps: {
    step_number: number;
    description: string;
    expected_result: string;
    selenium_script_json: Command[];
  }[];
}

const byId = (id: string) => ({ locator_type: "id", locator_value: id }) as const;
const link = (text: string) => ({ locator_type: "link_text", locator_value: text }) as const;
const heading = { locator_type: "tag", locator_value: "h1" } as const;

/**
 * A test case for Fieldbook. Each step after the login begins at the dashboard, so that it runs alone, right
 * after the login, as well as after all the others.
 *
 * @param siteUrl where Fieldbook is served, without a slash at the end
 */
export function demoCase(siteUrl: string): DemoCase {
  const dashboard: Command = {
    action: "navigate",
    url: `${siteUrl}/dashboard`,
    description: "Open the dashboard",
  };
  return {
    name: "Fieldbook: place and find orders",
    description: "A field worker logs in, places orders and finds them again.",
    requirements: "Fieldbook runs (npm run demo:site), and the user tomsmith exists.",
    steps: [
      {
        step_number: 1,
        description: "Log in as tomsmith",
        expected_result: "The dashboard greets tomsmith",
        selenium_script_json: [
          { action: "navigate", url: `${siteUrl}/login`, description: "Open the login page" },
          { action: "input", ...byId("username"), text: "tomsmith", description: "Enter the username" },
          {
            action: "input",
            ...byId("password"),
            text: "SuperSecretPassword!",
            description: "Enter the password",
          },
          { action: "click", locator_type: "css", locator_value: "form button", description: "Click Login" },
          { action: "verify_text", ...heading, expected_text: "Welcome, tomsmith" },
        ],
      },
      {
        step_number: 2,
        description: "See what the dashboard offers",
        expected_result: "The dashboard links to a new order and to the orders",
        selenium_script_json: [
          dashboard,
          { action: "verify_element_present", ...link("New order"), description: "Look for New order" },
          { action: "verify_element_present", ...link("Orders"), description: "Look for Orders" },
        ],
      },
      {
        step_number: 3,
        description: "Place an order for 3 medium trays",
        expected_result: "The order is confirmed with its details",
        selenium_script_json: [
          dashboard,
          { action: "click", ...link("New order"), description: "Open the order form" },
          { action: "input", ...byId("customer"), text: "Meadow Garden", description: "Enter the customer" },
          { action: "input", ...byId("quantity"), text: "3", description: "Enter the quantity" },
          { action: "select", ...byId("size"), label: "Medium", description: "Choose the size" },
          {
            action: "click",
            locator_type: "xpath",
            locator_value: "//button[normalize-space()='Place order']",
            description: "Click Place order",
          },
          { action: "verify_text", ...heading, expected_text: "Order 1001 placed" },
          { action: "verify_text", ...byId("details"), expected_text: "Meadow Garden" },
          { action: "verify_text", ...byId("details"), expected_text: "Medium" },
        ],
      },
      {
        step_number: 4,
        description: "Search the orders for Lakeside",
        expected_result: "Only the order of Lakeside Nursery is listed",
        selenium_script_json: [
          dashboard,
          { action: "click", ...link("Orders"), description: "Open the orders" },
          { action: "input", ...byId("search"), text: "Lakeside", description: "Enter the search text" },
          {
            action: "click",
            locator_type: "css",
            locator_value: ".search button",
            description: "Click Find",
          },
          { action: "verify_text", ...byId("count"), expected_text: "1 of" },
          { action: "verify_text", ...byId("orders"), expected_text: "Lakeside Nursery" },
        ],
      },
      {
        step_number: 5,
        description: "Search the orders for a customer that does not exist",
        expected_result: "The list says that no orders were found",
        selenium_script_json: [
          dashboard,
          { action: "click", ...link("Orders"), description: "Open the orders" },
          { action: "input", ...byId("search"), text: "Nobody & Co", description: "Enter the search text" },
          {
            action: "click",
            locator_type: "css",
            locator_value: ".search button",
            description: "Click Find",
          },
          { action: "verify_text", ...byId("orders"), expected_text: "No orders found" },
        ],
      },
      {
        step_number: 6,
        description: "Log out",
        expected_result: "The login page is shown again",
        selenium_script_json: [
          dashboard,
          { action: "click", ...link("Log out"), description: "Click Log out" },
          { action: "verify_text", ...heading, expected_text: "Welcome back" },
          {
            action: "verify_element_present",
            ...byId("username"),
            description: "Look for the username field",
          },
        ],
      },
    ],
  };
}

/**
 * Fieldbook in plain English, to generate a test case from.
 *
 * @param siteUrl where Fieldbook is served, without a slash at the end
 */
export function demoDescription(siteUrl: string): string {
  return (
    `Go to ${siteUrl}/login. Enter "tomsmith" in the Username field. ` +
    `Enter "SuperSecretPassword!" in the Password field. Click the Login button. ` +
    `Verify that "Welcome, tomsmith" is shown. Click the "New order" link. ` +
    `Enter "Meadow Garden" in the Customer field. Enter "3" in the Quantity field. ` +
    `Select "Medium" in the Size field. Click the "Place order" button. ` +
    `Verify that "Order 1001 placed" is shown.`
  );
}
