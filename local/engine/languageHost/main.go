// A language host for Node programs: lets a Pulumi CLI without one of its own run this project.
//
// The engine starts it as `languageHost [flags] ENGINE_ADDRESS`, reads its port from the first line of its output, and calls the
// LanguageRuntime service on it. Programs and plugins run on the `node` that is first on PATH, policy packs with the arguments for Node
// that flags `--pack-node-arg=ARGUMENT` give.
package main

import (
	"errors"
	"fmt"
	"log"
	"math"
	"net"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
)

// Time between looks at whether the engine is still there.
const orphanCheck = time.Second

func main() {
	engine := os.Getppid()
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)

	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	server := grpc.NewServer(grpc.MaxRecvMsgSize(math.MaxInt), grpc.WaitForHandlers(true))
	pulumirpc.RegisterLanguageRuntimeServer(server, &languageRuntime{
		engine:        engineAddress(os.Args[1:]),
		packArguments: flagValues(os.Args[1:], "--pack-node-arg="),
	})
	go func() {
		if err := server.Serve(listener); err != nil && !errors.Is(err, grpc.ErrServerStopped) {
			log.Fatal(err)
		}
	}()
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)

	waitForEnd(engine, signals)
	// Cancels every call, which ends programs and plugins, and waits until they are gone.
	server.Stop()
}

// Returns when the engine has sent a signal, or was killed and says nothing: the system then gives its children to another parent.
func waitForEnd(engine int, signals <-chan os.Signal) {
	for os.Getppid() == engine {
		select {
		case <-signals:
			return
		case <-time.After(orphanCheck):
		}
	}
}

// Where the engine is: the first argument that is neither a flag nor the value of one.
func engineAddress(args []string) string {
	flagsWithValue := []string{"--tracing", "-tracing"}
	for i, arg := range args {
		isValue := i > 0 && slices.Contains(flagsWithValue, args[i-1])
		if !isValue && !strings.HasPrefix(arg, "-") {
			return arg
		}
	}
	return ""
}

func flagValues(args []string, flag string) (values []string) {
	for _, arg := range args {
		if value, found := strings.CutPrefix(arg, flag); found {
			values = append(values, value)
		}
	}
	return values
}
