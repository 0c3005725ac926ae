// Package attack is the test room in which the doors are attacked from outside, over HTTP, on both databases: forged tokens,
// every role at every door of every type, keys of other callers. It holds tests only; what it expects is written by hand, and
// what it asks is generated from the register, the table of operations and the GraphQL schema, so that a new door without an
// expectation fails.
package attack
