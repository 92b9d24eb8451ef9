package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"

	"github.com/pulumi/pulumi/sdk/v3/go/common/version"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"golang.org/x/sys/unix"
	"google.golang.org/protobuf/types/known/emptypb"
)

// Exit code by which @pulumi/pulumi says that the user has already been told what is wrong.
const bailExitCode = 32

// The part of the engine's LanguageRuntime service that running programs and plugins takes.
type languageRuntime struct {
	pulumirpc.UnimplementedLanguageRuntimeServer
	// Address of the engine, for log messages.
	engine string
	// Node's own arguments for policy packs.
	packArguments []string
}

func (*languageRuntime) Handshake(
	context.Context, *pulumirpc.LanguageHandshakeRequest,
) (*pulumirpc.LanguageHandshakeResponse, error) {
	return &pulumirpc.LanguageHandshakeResponse{}, nil
}

func (*languageRuntime) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{Version: strings.TrimPrefix(version.Version, "v")}, nil
}

func (*languageRuntime) About(ctx context.Context, _ *pulumirpc.AboutRequest) (*pulumirpc.AboutResponse, error) {
	node, err := exec.LookPath("node")
	if err != nil {
		return nil, err
	}
	printed, err := exec.CommandContext(ctx, node, "--version").Output()
	if err != nil {
		return nil, err
	}
	nodeVersion := strings.TrimPrefix(strings.TrimSpace(string(printed)), "v")
	return &pulumirpc.AboutResponse{Executable: node, Version: nodeVersion}, nil
}

// Plugins come from PATH or from the user's own plugin folder: there is nothing to download.
func (*languageRuntime) GetRequiredPlugins(
	context.Context, *pulumirpc.GetRequiredPluginsRequest,
) (*pulumirpc.GetRequiredPluginsResponse, error) {
	return &pulumirpc.GetRequiredPluginsResponse{}, nil
}

func (*languageRuntime) GetRequiredPackages(
	context.Context, *pulumirpc.GetRequiredPackagesRequest,
) (*pulumirpc.GetRequiredPackagesResponse, error) {
	return &pulumirpc.GetRequiredPackagesResponse{}, nil
}

func (*languageRuntime) GetProgramDependencies(
	_ context.Context, request *pulumirpc.GetProgramDependenciesRequest,
) (*pulumirpc.GetProgramDependenciesResponse, error) {
	dependencies, err := listDependencies(request.GetInfo().GetProgramDirectory())
	return &pulumirpc.GetProgramDependenciesResponse{Dependencies: dependencies}, err
}

func (*languageRuntime) InstallDependencies(
	request *pulumirpc.InstallDependenciesRequest, stream pulumirpc.LanguageRuntime_InstallDependenciesServer,
) error {
	dir := request.GetInfo().GetProgramDirectory()
	if dir == "" {
		dir = request.GetDirectory()
	}
	var sending sync.Mutex
	stdout := output{&sending, func(chunk []byte) error {
		return stream.Send(&pulumirpc.InstallDependenciesResponse{Stdout: chunk})
	}}
	stderr := output{&sending, func(chunk []byte) error {
		return stream.Send(&pulumirpc.InstallDependenciesResponse{Stderr: chunk})
	}}
	return installDependencies(stream.Context(), dir, stdout, stderr)
}

func (runtime *languageRuntime) Run(
	ctx context.Context, request *pulumirpc.RunRequest,
) (*pulumirpc.RunResponse, error) {
	command, err := programCommand(ctx, request, runtime.engine)
	if err != nil {
		return nil, err
	}
	// The engine shows what the program prints as it shows what its language host prints.
	command.Stdout, command.Stderr = os.Stdout, os.Stderr
	if err := runToEnd(command); err != nil {
		return nil, err
	}
	status := command.ProcessState.Sys().(syscall.WaitStatus)
	switch {
	case status.Signaled():
		return &pulumirpc.RunResponse{Error: "Program was ended by " + unix.SignalName(status.Signal())}, nil
	case status.ExitStatus() == bailExitCode:
		return &pulumirpc.RunResponse{Bail: true}, nil
	case status.ExitStatus() != 0:
		return &pulumirpc.RunResponse{
			Error: fmt.Sprintf("Program exited with non-zero exit code: %d", status.ExitStatus()),
		}, nil
	}
	return &pulumirpc.RunResponse{}, nil
}

func (runtime *languageRuntime) RunPlugin(
	request *pulumirpc.RunPluginRequest, stream pulumirpc.LanguageRuntime_RunPluginServer,
) error {
	command, err := pluginCommand(stream.Context(), request, runtime.packArguments)
	if err != nil {
		return err
	}
	var sending sync.Mutex
	command.Stdout = output{&sending, func(chunk []byte) error {
		return stream.Send(&pulumirpc.RunPluginResponse{Output: &pulumirpc.RunPluginResponse_Stdout{Stdout: chunk}})
	}}
	command.Stderr = output{&sending, func(chunk []byte) error {
		return stream.Send(&pulumirpc.RunPluginResponse{Output: &pulumirpc.RunPluginResponse_Stderr{Stderr: chunk}})
	}}
	if err := runToEnd(command); err != nil {
		return err
	}
	code := int32(command.ProcessState.ExitCode())
	return stream.Send(&pulumirpc.RunPluginResponse{Output: &pulumirpc.RunPluginResponse_Exitcode{Exitcode: code}})
}

// Sends what a process prints; its two streams take turns.
type output struct {
	sending *sync.Mutex
	send    func(chunk []byte) error
}

func (to output) Write(chunk []byte) (int, error) {
	to.sending.Lock()
	defer to.sending.Unlock()
	return len(chunk), to.send(chunk)
}

// The engine cancels each call of its own as well, which is what ends a program or a plugin.
func (*languageRuntime) Cancel(context.Context, *emptypb.Empty) (*emptypb.Empty, error) {
	return &emptypb.Empty{}, nil
}
