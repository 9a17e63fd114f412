package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/ir"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/test/cases"
	"github.com/open-policy-agent/opa/v1/test/cases/testdata"
	"github.com/open-policy-agent/opa/v1/topdown"
	"github.com/open-policy-agent/opa/v1/util"
)

// caseTimeNs is 2026-11-24T12:34:56.789012345Z, the time of every case.
const caseTimeNs = 1795523696789012345

// conformanceCase is one case of OPA's own suite, with the plan of its query and what OPA answers now.
type conformanceCase struct {
	Note string `json:"note"`
	File string `json:"file"`
	// Nothing can be asked of this case, and why; no member below is present then.
	Skipped string          `json:"skipped,omitempty"`
	Query   string          `json:"query,omitempty"`
	Modules []string        `json:"modules,omitempty"`
	Data    json.RawMessage `json:"data,omitempty"`
	Input   json.RawMessage `json:"input,omitempty"`
	Plan    *ir.Policy      `json:"plan,omitempty"`
	Name    string          `json:"name,omitempty"`
	// One Rego object of bindings for each answer, without repetition, in Rego's order.
	Results []string `json:"results"`
	Error   string   `json:"error,omitempty"`
	Message string   `json:"message,omitempty"`
}

// planKeeper takes the place of an engine and keeps the plan it is given.
type planKeeper struct{ plan *ir.Policy }

const planTarget = "plan-keeper"

func (*planKeeper) IsTarget(name string) bool { return name == planTarget }

func (keeper *planKeeper) PrepareForEval(_ context.Context, plan *ir.Policy, _ ...rego.PrepareOption) (rego.TargetPluginEval, error) {
	keeper.plan = plan
	return keeper, nil
}

func (*planKeeper) Eval(context.Context, *rego.EvalContext, ast.Value) (ast.Value, error) {
	return nil, errors.New("plans are kept, not evaluated")
}

// writeCases writes one line of JSON for each case that OPA's packages carry.
func writeCases(out io.Writer) error {
	keeper := &planKeeper{}
	rego.RegisterPlugin(planTarget, keeper)
	lines := bufio.NewWriter(out)
	encoder := json.NewEncoder(lines)
	encoder.SetEscapeHTML(false)
	err := fs.WalkDir(testdata.V1, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := testdata.V1.ReadFile(path)
		if err != nil {
			return err
		}
		var set cases.Set
		if err := util.Unmarshal(content, &set); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		for _, one := range set.Cases {
			if err := encoder.Encode(keeper.answered(path, one)); err != nil {
				return fmt.Errorf("%s: %s: %w", path, one.Note, err)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return lines.Flush()
}

// answered tells what can be asked of a case and what OPA says to it; a case of which nothing can be
// asked keeps only its name.
func (keeper *planKeeper) answered(path string, one cases.TestCase) (told conformanceCase) {
	skipped := func(why any) conformanceCase {
		return conformanceCase{Note: one.Note, File: path, Skipped: fmt.Sprint(why)}
	}
	defer func() {
		if cause := recover(); cause != nil {
			told = skipped(fmt.Sprint("panic: ", cause))
		}
	}()
	if len(one.Env) > 0 {
		return skipped("needs environment variables")
	}
	told = conformanceCase{Note: one.Note, File: path, Query: one.Query, Modules: one.Modules}
	var err error
	if told.Data, told.Input, err = documentsOf(one); err != nil {
		return skipped(err)
	}
	if told.Plan, err = keeper.planOf(one); err != nil {
		return skipped(err)
	}
	if count := len(told.Plan.Plans.Plans); count != 1 {
		return skipped(fmt.Sprint(count, " plans for one query"))
	}
	told.Name = told.Plan.Plans.Plans[0].Name
	for _, builtin := range told.Plan.Static.BuiltinFuncs {
		if builtin.Name == "http.send" || builtin.Name == "net.lookup_ip_addr" {
			return skipped("asks the network: " + builtin.Name)
		}
	}
	results, err := evaluateCase(one, told)
	if err != nil {
		told.Error, told.Message = codeOf(err), err.Error()
	}
	told.Results = results
	return told
}

func documentsOf(one cases.TestCase) (data, input json.RawMessage, err error) {
	data = json.RawMessage("{}")
	if one.Data != nil {
		if data, err = json.Marshal(*one.Data); err != nil {
			return nil, nil, err
		}
	}
	switch {
	case one.InputTerm != nil:
		term, err := ast.ParseTerm(*one.InputTerm)
		if err != nil {
			return nil, nil, err
		}
		document, err := ast.JSON(term.Value)
		if err != nil {
			return nil, nil, fmt.Errorf("the input is no JSON: %w", err)
		}
		back, err := ast.InterfaceToValue(document)
		if err != nil || back.String() != term.Value.String() {
			return nil, nil, errors.New("the input is no JSON")
		}
		input, err = json.Marshal(document)
		return data, input, err
	case one.Input != nil:
		input, err = json.Marshal(*one.Input)
	}
	return data, input, err
}

func (keeper *planKeeper) planOf(one cases.TestCase) (*ir.Policy, error) {
	options := []func(*rego.Rego){rego.Target(planTarget), rego.Query(one.Query), rego.SetRegoVersion(ast.RegoV1)}
	if one.ExperimentalKeywords {
		options = append(options, rego.Capabilities(capabilitiesOf(one)))
	}
	for index, source := range one.Modules {
		options = append(options, rego.Module(fmt.Sprintf("module-%d.rego", index), source))
	}
	keeper.plan = nil
	if _, err := rego.New(options...).PrepareForEval(context.Background()); err != nil {
		return nil, err
	}
	if keeper.plan == nil {
		return nil, errors.New("no plan")
	}
	return keeper.plan, nil
}

func capabilitiesOf(one cases.TestCase) *ast.Capabilities {
	return ast.CapabilitiesForThisVersion(ast.CapabilitiesExperimentalKeywords(one.ExperimentalKeywords))
}

// evaluateCase asks OPA as this engine is asked: a builtin that reports an error is undefined.
func evaluateCase(one cases.TestCase, told conformanceCase) ([]string, error) {
	modules := make(map[string]*ast.Module, len(one.Modules))
	options := ast.ParserOptions{RegoVersion: ast.RegoV1, Capabilities: capabilitiesOf(one)}
	for index, source := range one.Modules {
		name := fmt.Sprintf("module-%d.rego", index)
		module, err := ast.ParseModuleWithOpts(name, source, options)
		if err != nil {
			return nil, err
		}
		modules[name] = module
	}
	compiler := ast.NewCompiler().WithDefaultRegoVersion(ast.RegoV1).WithCapabilities(capabilitiesOf(one))
	if compiler.Compile(modules); compiler.Failed() {
		return nil, compiler.Errors
	}
	query, err := compiler.QueryCompiler().Compile(ast.MustParseBody(one.Query))
	if err != nil {
		return nil, err
	}
	var data map[string]any
	if err := util.UnmarshalJSON(told.Data, &data); err != nil {
		return nil, err
	}
	ctx := context.Background()
	store := inmem.NewFromObject(data)
	txn, err := store.NewTransaction(ctx)
	if err != nil {
		return nil, err
	}
	defer store.Abort(ctx, txn)
	asked := topdown.NewQuery(query).WithCompiler(compiler).WithStore(store).WithTransaction(txn).
		WithTime(time.Unix(0, caseTimeNs))
	if told.Input != nil {
		input, err := ast.ValueFromReader(bytes.NewReader(told.Input))
		if err != nil {
			return nil, err
		}
		asked = asked.WithInput(ast.NewTerm(input))
	}
	found, err := asked.Run(ctx)
	if err != nil {
		return nil, err
	}
	return textsOf(found), nil
}

func textsOf(found topdown.QueryResultSet) []string {
	answers := ast.NewSet()
	for _, bindings := range found {
		answer := ast.NewObject()
		for name, term := range bindings {
			if !strings.HasPrefix(string(name), "__local") {
				answer.Insert(ast.StringTerm(string(name)), term)
			}
		}
		answers.Add(ast.NewTerm(answer))
	}
	texts := []string{}
	for _, answer := range answers.Slice() {
		texts = append(texts, answer.Value.String())
	}
	return texts
}
