/** The scenarios that the page offers, in the order of `scenarios/order.txt`; made by `scenarios.vite.ts`. */
declare module "virtual:scenarios" {
  /** What the menu needs to know of a scenario before its file is fetched. */
  export interface Scenario {
    /** The file's name without folder and ending, e.g. `raft-election`: what links call it by. */
    readonly name: string;
    readonly title: string;
    readonly about: string;
    /** The challenge it belongs to, e.g. `consensus`; empty when it names none. */
    readonly teaches: string;
    readonly protocol: string;
    /** How much it takes for granted: "basic", "intermediate", "advanced"; empty when it does not say. */
    readonly level: string;
    /** How long a reader needs; 0 when it does not say. */
    readonly minutes: number;
    /** Names under which older links know it. */
    readonly was: readonly string[];
    /** Other words that people search for. */
    readonly aka: readonly string[];
    /** Where the TOML file lies. */
    readonly url: string;
  }
  /** The headings of the menu, in their order. */
  export const headings: readonly string[];
  export const scenarios: readonly Scenario[];
  export default scenarios;
}
