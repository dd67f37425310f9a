// Command vigia is the whole product in one binary; see README.
package main

func main() {}
