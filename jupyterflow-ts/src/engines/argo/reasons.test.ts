import { exitCodeIn, inPlainWords, type JobFacts } from './reasons.js';

const facts: JobFacts = {
  image: 'python:9',
  memory: '512Mi',
  timeout: 60,
  longest: '90s',
  deadline: 3600,
  outputs: new Map([['/home/jovyan/score.txt', 'score']])
};

// Messages as kubelet, scheduler, quota admission and Argo's controller write them.
test.each([
  ["when 'false' evaluated false", 'its condition is false'],
  ['Skipped, empty params', 'foreach goes over an empty list'],
  ['wait: Error (exit code 64)', 'its outputs could not be saved: the helper that does it ended with exit code 64'],
  ['main: Error (exit code 3)', 'exited with code 3'],
  ['main: Error (exit code 139)', 'exited with code 139 (SIGSEGV)'],
  [
    'main: Error (exit code 64): failed to find name in PATH: exec: "x": executable file not found in $PATH',
    'exited with code 127'
  ],
  ['main: OOMKilled (exit code 137)', 'ran out of memory: it used more than its limit of 512Mi (OOMKilled)'],
  [
    'ImagePullBackOff: Back-off pulling image "python:9"',
    'the image python:9 can\'t be pulled: Back-off pulling image "python:9"'
  ],
  [
    'ErrImagePull: rpc error: code = NotFound desc = not found',
    "the image python:9 can't be pulled: rpc error: code = NotFound desc = not found"
  ],
  ['InvalidImageName', "the image python:9 can't be pulled"],
  ['CreateContainerConfigError: secret "db" not found', 'there is no secret db in the namespace'],
  ['CreateContainerConfigError: configmap "db" not found', 'there is no config map db in the namespace'],
  ["CreateContainerConfigError: couldn't find key password in Secret science/db", 'the secret db has no key password'],
  [
    'CreateContainerError: failed to reserve container name',
    "the container can't be made: failed to reserve container name"
  ],
  [
    'pods "x" is forbidden: exceeded quota: compute, requested: requests.memory=8Gi, used: requests.memory=6Gi, limited: requests.memory=10Gi',
    'the quota compute is used up: it asks for requests.memory=8Gi, used are requests.memory=6Gi of requests.memory=10Gi'
  ],
  [
    'pods "x" is forbidden: exceeded quota: c, requested: cpu=4,memory=8Gi, used: cpu=0,memory=6Gi, limited: cpu=4,memory=10Gi',
    'the quota c is used up: it asks for cpu=4,memory=8Gi, used are cpu=0,memory=6Gi of cpu=4,memory=10Gi'
  ],
  [
    'Unschedulable: 0/3 nodes are available: 2 Insufficient cpu, 1 node(s) had untolerated taint {gpu: }.',
    'no node can take it: 0/3 nodes are available: 2 Insufficient cpu, 1 node(s) had untolerated taint {gpu: }.'
  ],
  ['The node was low on resource: memory. Container main was using 2Gi', 'the node evicted it: it was low on memory'],
  ['Pod was terminated in response to imminent node shutdown.', 'the node was shut down'],
  ['pod deleted', 'the node was lost, or the pod was deleted'],
  ['Pod was active on the node longer than the specified deadline', 'timed out after 60 s'],
  ['Step exceeded its deadline', 'the deadline of the run, 3600 s, has passed'],
  ['Max duration limit exceeded', 'all attempts together took longer than 90 s'],
  [
    'wait: Error (exit code 64): open /home/jovyan/score.txt: no such file or directory',
    'the output score is missing: there is no file /home/jovyan/score.txt'
  ],
  ['wait: Error (exit code 64): /tmp/y does not exist', 'an output of the job is missing'],
  ['workflow shutdown with strategy:  Terminate', 'the run was stopped'],
  ['Backoff for 10 seconds', 'waits 10 seconds before its next attempt'],
  [
    'wait: Error (exit code 64): workflowtaskresults.argoproj.io is forbidden: User "system:serviceaccount:science:default" cannot create resource',
    'the service account of the jobs may not report results: it needs `create` and `patch` on `workflowtaskresults.argoproj.io`'
  ],
  [
    'workflows must use workflowTemplateRef to be executed when the controller is in reference mode',
    "this cluster runs registered WorkflowTemplates only (templateReferencing: Strict or Secure in the workflow controller's ConfigMap)"
  ],
  ['something new', 'something new']
])('%s', (message, words) => {
  expect(inPlainWords(message, facts)).toBe(words);
});

test('what is not known of the job is left out', () => {
  expect(inPlainWords('main: OOMKilled (exit code 137)')).toBe('ran out of memory (OOMKilled)');
  expect(inPlainWords('Pod was active on the node longer than the specified deadline')).toBe('timed out');
  expect(inPlainWords('Max duration limit exceeded')).toBe('all attempts together took longer than allowed');
  expect(inPlainWords('ErrImagePull')).toBe("the image of the job can't be pulled");
});

test.each([
  ['main: OOMKilled (exit code 137)', 137],
  ['main: Error (exit code 1): oops (exit code 2)', 1],
  ['main: Error (exit code 64): failed to find name in PATH: exec: "x": executable file not found in $PATH', 127],
  ['wait: Error (exit code 64)', undefined],
  ['pod deleted', undefined]
])('the exit code in %s', (message, code) => {
  expect(exitCodeIn(message)).toBe(code);
});
