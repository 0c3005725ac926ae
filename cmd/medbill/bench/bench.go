// Package bench measures servers over HTTP, each a process of its own, and the posting of answers in its own, beside the same rows written and read
// as bare SQL, in the same run on the same machine. It prints nothing, and it judges nothing.
package bench
