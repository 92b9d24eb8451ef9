package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/structpb"
)

// Time that a process has to end after SIGTERM before it is killed.
const grace = 2 * time.Second

// A process that ends, or is killed, when the context does. It stays in this process's group, so that the signals which the engine
// sends to the group of its language host reach it too.
func newCommand(ctx context.Context, name string, args ...string) *exec.Cmd {
	command := exec.CommandContext(ctx, name, args...)
	command.Cancel = func() error { return command.Process.Signal(syscall.SIGTERM) }
	command.WaitDelay = grace
	return command
}

// Fails only when the process cannot be started; how it ended is in its ProcessState.
func runToEnd(command *exec.Cmd) error {
	if err := command.Start(); err != nil {
		return err
	}
	_ = command.Wait()
	return nil
}

// How to run a Pulumi program: by `@pulumi/pulumi/cmd/run`, as installed for the program.
func programCommand(ctx context.Context, request *pulumirpc.RunRequest, engine string) (*exec.Cmd, error) {
	info := request.GetInfo()
	runner, err := findRunner(info.GetProgramDirectory(), "run")
	if err != nil {
		return nil, err
	}
	args := append(nodeArguments(info), runner)
	for _, flag := range [][2]string{
		{"--organization", request.GetOrganization()},
		{"--project", request.GetProject()},
		{"--stack", request.GetStack()},
		{"--root-directory", or(info.GetRootDirectory(), request.GetPwd())},
		{"--pwd", request.GetPwd()},
		{"--parallel", fmt.Sprint(request.GetParallel())},
		{"--monitor", request.GetMonitorAddress()},
		{"--engine", engine},
	} {
		if flag[1] != "" {
			args = append(args, flag[:]...)
		}
	}
	if request.GetDryRun() {
		args = append(args, "--dry-run")
	}
	args = append(args, or(info.GetEntryPoint(), "."))
	args = append(args, request.GetArgs()...)

	command := newCommand(ctx, "node", args...)
	command.Dir = info.GetProgramDirectory()
	// Type checking takes seconds and belongs into a check of its own; the user's setting wins. Of a variable the last value counts.
	command.Env = append([]string{"PULUMI_NODEJS_TRANSPILE_ONLY=true"}, os.Environ()...)
	command.Env = append(command.Env, compileCache("program")...)
	command.Env = append(command.Env, typeScriptEnv(info)...)
	command.Env = append(command.Env,
		"PULUMI_CONFIG="+toJSON(request.GetConfig(), "{}"),
		"PULUMI_CONFIG_SECRET_KEYS="+toJSON(request.GetConfigSecretKeys(), "[]"),
	)
	return command, nil
}

// How to run a plugin written for Node: a policy pack, or a provider.
//
// Arguments for Node itself are for policy packs; those which a plugin asks for never get there.
func pluginCommand(ctx context.Context, request *pulumirpc.RunPluginRequest, packArguments []string) (*exec.Cmd, error) {
	info := request.GetInfo()
	dir := info.GetProgramDirectory()
	isPolicyPack := request.GetKind() == "analyzer"
	runnerName := "run-plugin"
	if isPolicyPack {
		runnerName = "run-policy-pack"
	}
	runner, err := findRunner(dir, runnerName)
	if err != nil {
		return nil, err
	}
	// After the script, where Node does not take them for its own: so it is in Pulumi's own host.
	args := append([]string{runner}, nodeArguments(info)...)
	if isPolicyPack {
		args = append(append(append(slices.Clone(packArguments), args...), request.GetArgs()...), dir)
	} else {
		args = append(append(args, dir), request.GetArgs()...)
	}

	command := newCommand(ctx, "node", args...)
	command.Dir = or(request.GetPwd(), dir)
	if isPolicyPack {
		command.Dir = dir // where it reads its version from package.json
	}
	command.Env = append(os.Environ(), request.GetEnv()...)
	command.Env = append(command.Env, compileCache(request.GetKind())...)
	command.Env = append(command.Env, typeScriptEnv(info)...)
	return command, nil
}

// Arguments for Node itself, from `runtime.options` of a Pulumi.yaml.
func nodeArguments(info *pulumirpc.ProgramInfo) []string {
	return strings.Fields(option(info, "nodeargs").GetStringValue())
}

func typeScriptEnv(info *pulumirpc.ProgramInfo) []string {
	typeScript := true
	if value, given := option(info, "typescript").GetKind().(*structpb.Value_BoolValue); given {
		typeScript = value.BoolValue
	}
	env := []string{fmt.Sprintf("PULUMI_NODEJS_TYPESCRIPT=%t", typeScript)}
	if file := option(info, "tsconfig").GetStringValue(); file != "" {
		env = append(env, "PULUMI_NODEJS_TSCONFIG_PATH="+file)
	}
	return env
}

func option(info *pulumirpc.ProgramInfo, name string) *structpb.Value {
	return info.GetOptions().GetFields()[name]
}

// Node keeps compiled code for one set of V8 flags, and the SDK sets them: kinds of processes that share a folder throw out each other's
// code at every start.
func compileCache(kind string) []string {
	dir := os.Getenv("NODE_COMPILE_CACHE")
	if dir == "" {
		return nil
	}
	return []string{"NODE_COMPILE_CACHE=" + filepath.Join(dir, kind)}
}

func findRunner(dir, name string) (string, error) {
	file := findModule(dir, filepath.Join("@pulumi", "pulumi", "cmd", name, "index.js"))
	if file == "" {
		return "", fmt.Errorf("The Pulumi SDK is not installed for %s: run `npm ci` there, then try again.", dir)
	}
	return file, nil
}

func toJSON[T map[string]string | []string](value T, empty string) string {
	if len(value) == 0 {
		return empty
	}
	text, _ := json.Marshal(value)
	return string(text)
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}
