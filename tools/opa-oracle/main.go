// opa-oracle answers what OPA itself says. It reads one JSON request per line on standard input and
// writes one JSON answer per line on standard output, so that tests ask thousands of questions of one
// process.
//
// Request: {"modules": {"file.rego": "…"}, "data": {…}, "entrypoints": ["a/b"], "inputs": [{…}],
// "plan": true, "time_ns": 1, "strict": false}.
// Answer: {"plan": {…}, "results": {"a/b": [{"json": …, "text": "…"} | {"undefined": true} |
// {"error": "code", "message": "…"}]}} or {"error": "code", "message": "…"} when nothing could be compiled.
// "json" is what a caller of OPA is given (sets as sorted arrays); "text" is the Rego term and tells
// sets from arrays. Without "inputs" every entrypoint is evaluated once, without an input document.
//
// `opa-oracle cases` writes OPA's own conformance cases instead, one per line (cases.go).
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/bundle"
	"github.com/open-policy-agent/opa/v1/compile"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/topdown"
	"github.com/open-policy-agent/opa/v1/util"
)

// Some policies grow without bound in the planner, others while they are evaluated.
const (
	questionTimeMax   = 10 * time.Second
	evaluationTimeMax = 2 * time.Second
)

const requestBytesMax = 256 << 20

type request struct {
	Modules     map[string]string `json:"modules"`
	Data        json.RawMessage   `json:"data"`
	Entrypoints []string          `json:"entrypoints"`
	Inputs      []json.RawMessage `json:"inputs"`
	Plan        bool              `json:"plan"`
	TimeNs      int64             `json:"time_ns"`
	Strict      bool              `json:"strict"`
	// Evaluates every rule body whose path is asked for, also where OPA's index would pass it over.
	Thorough bool `json:"thorough"`
}

type result struct {
	JSON      json.RawMessage `json:"json,omitempty"`
	Text      string          `json:"text,omitempty"`
	Undefined bool            `json:"undefined,omitempty"`
	Error     string          `json:"error,omitempty"`
	Message   string          `json:"message,omitempty"`
}

type answer struct {
	Plan    json.RawMessage     `json:"plan,omitempty"`
	Results map[string][]result `json:"results,omitempty"`
	Error   string              `json:"error,omitempty"`
	Message string              `json:"message,omitempty"`
}

func main() {
	var err error
	switch {
	case len(os.Args) == 1:
		err = answerQuestions()
	case len(os.Args) == 2 && os.Args[1] == "cases":
		err = writeCases(os.Stdout)
	default:
		err = errors.New("usage: opa-oracle [cases]")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "opa-oracle:", err)
		os.Exit(1)
	}
}

func answerQuestions() error {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(make([]byte, 0, 1<<20), requestBytesMax)
	out := bufio.NewWriter(os.Stdout)
	for lines.Scan() {
		line := bytes.Clone(lines.Bytes())
		answers := make(chan answer, 1)
		go func() { answers <- respond(line) }()
		var answered answer
		gaveUp := false
		select {
		case answered = <-answers:
		case <-time.After(questionTimeMax):
			answered, gaveUp = answer{Error: "timeout", Message: "OPA takes too long"}, true
		}
		encoded, err := json.Marshal(answered)
		if err != nil {
			encoded, _ = json.Marshal(failed(err))
		}
		out.Write(append(encoded, '\n'))
		out.Flush()
		if gaveUp {
			// The planner can not be stopped, only left behind; whoever asks starts a new process.
			return nil
		}
	}
	return lines.Err()
}

func respond(line []byte) (answered answer) {
	// OPA's planner gives up on some functions that are replaced within each other.
	defer func() {
		if cause := recover(); cause != nil {
			answered = answer{Error: "panic", Message: fmt.Sprint("panic: ", cause)}
		}
	}()
	var asked request
	if err := json.Unmarshal(line, &asked); err != nil {
		return failed(err)
	}
	modules := make(map[string]*ast.Module, len(asked.Modules))
	for name, source := range asked.Modules {
		module, err := ast.ParseModuleWithOpts(name, source, ast.ParserOptions{RegoVersion: ast.RegoV1})
		if err != nil {
			return failed(err)
		}
		modules[name] = module
	}
	compiler := ast.NewCompiler().WithDefaultRegoVersion(ast.RegoV1)
	if compiler.Compile(modules); compiler.Failed() {
		return failed(compiler.Errors)
	}
	data := map[string]any{}
	if len(asked.Data) > 0 {
		if err := util.UnmarshalJSON(asked.Data, &data); err != nil {
			return failed(err)
		}
	}
	store := inmem.NewFromObject(data)
	answered = answer{Results: map[string][]result{}}
	if asked.Plan {
		plan, err := planOf(asked)
		if err != nil {
			return failed(err)
		}
		answered.Plan = plan
	}
	inputs := asked.Inputs
	if inputs == nil {
		inputs = []json.RawMessage{nil}
	}
	documents := make([]document, len(inputs))
	for index, input := range inputs {
		documents[index] = documentOf(input)
	}
	for _, entrypoint := range asked.Entrypoints {
		query, err := queryOf(compiler, entrypoint)
		if err != nil {
			return failed(err)
		}
		for _, input := range documents {
			told := input.refused
			if told.Error == "" {
				told = evaluate(asked, compiler, store, query, input.term)
			}
			answered.Results[entrypoint] = append(answered.Results[entrypoint], told)
		}
	}
	return answered
}

// document is an input, or why OPA takes it for none.
type document struct {
	term    *ast.Term
	refused result
}

func documentOf(input json.RawMessage) document {
	if input == nil {
		return document{}
	}
	value, err := ast.ValueFromReader(bytes.NewReader(input))
	if err != nil {
		return document{refused: result{Error: codeOf(err), Message: err.Error()}}
	}
	return document{term: ast.NewTerm(value)}
}

func planOf(asked request) (json.RawMessage, error) {
	sources := &bundle.Bundle{Data: map[string]any{}}
	for name, source := range asked.Modules {
		module, err := ast.ParseModuleWithOpts(name, source, ast.ParserOptions{RegoVersion: ast.RegoV1})
		if err != nil {
			return nil, err
		}
		sources.Modules = append(sources.Modules, bundle.ModuleFile{Path: name, URL: name, Raw: []byte(source), Parsed: module})
	}
	planned := compile.New().WithTarget(compile.TargetPlan).WithRegoVersion(ast.RegoV1).
		WithEntrypoints(asked.Entrypoints...).WithBundle(sources).
		// Without it, rules that use an entrypoint become entrypoints, and functions among them an error.
		WithPruneUnused(true)
	if err := planned.Build(context.Background()); err != nil {
		return nil, err
	}
	return planned.Bundle().PlanModules[0].Raw, nil
}

func queryOf(compiler *ast.Compiler, entrypoint string) (ast.Body, error) {
	body, err := ast.ParseBody("x = data." + strings.ReplaceAll(entrypoint, "/", "."))
	if err != nil {
		return nil, err
	}
	return compiler.QueryCompiler().Compile(body)
}

func evaluate(asked request, compiler *ast.Compiler, store storage.Store, query ast.Body, input *ast.Term) (answered result) {
	// Some arguments make builtins of OPA panic; the other questions are still answered.
	defer func() {
		if cause := recover(); cause != nil {
			answered = result{Error: "panic", Message: fmt.Sprint(cause)}
		}
	}()
	ctx := context.Background()
	txn, err := store.NewTransaction(ctx)
	if err != nil {
		return result{Error: codeOf(err), Message: err.Error()}
	}
	defer store.Abort(ctx, txn)
	cancel := topdown.NewCancel()
	defer time.AfterFunc(evaluationTimeMax, cancel.Cancel).Stop()
	found, err := topdown.NewQuery(query).WithCancel(cancel).
		WithIndexing(!asked.Thorough).WithEarlyExit(!asked.Thorough).WithCompiler(compiler).WithStore(store).WithTransaction(txn).
		WithTime(time.Unix(0, asked.TimeNs)).WithStrictBuiltinErrors(asked.Strict).WithInput(input).Run(ctx)
	if err != nil {
		return result{Error: codeOf(err), Message: err.Error()}
	}
	if len(found) == 0 {
		return result{Undefined: true}
	}
	return resultOf(found[0][ast.Var("x")])
}

func resultOf(term *ast.Term) result {
	document, err := ast.JSONWithOpt(term.Value, ast.JSONOpt{SortSets: true, CopyMaps: true})
	if err != nil {
		return result{Error: codeOf(err), Message: err.Error()}
	}
	var encoded bytes.Buffer
	encoder := json.NewEncoder(&encoded)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(document); err != nil {
		return result{Error: codeOf(err), Message: err.Error()}
	}
	return result{JSON: bytes.TrimSpace(encoded.Bytes()), Text: term.Value.String()}
}

func failed(err error) answer {
	return answer{Error: codeOf(err), Message: err.Error()}
}

func codeOf(err error) string {
	var evaluation *topdown.Error
	if errors.As(err, &evaluation) {
		return evaluation.Code
	}
	var compilation ast.Errors
	if errors.As(err, &compilation) && len(compilation) > 0 {
		return compilation[0].Code
	}
	return "error"
}
