// Package zxcvbn has what `pulumi env` takes from github.com/ccojocar/zxcvbn-go, from the library that one is a fork of.
//
// `pulumi config` uses that library, and each of the two reads its lists of words whenever the CLI starts: a quarter of its start.
package zxcvbn

import (
	original "github.com/nbutton23/zxcvbn-go"
	"github.com/nbutton23/zxcvbn-go/scoring"
)

func PasswordStrength(password string, userInputs []string) scoring.MinEntropyMatch {
	return original.PasswordStrength(password, userInputs)
}
