# %% single: the output first (the order of the way back)
# name: puts the output first: here inputs come before what is made of them (turn the list round)
def topological_order(inputs_of, output):
    seen, order = set(), []
    def visit(node):
        if node in seen:
            return
        seen.add(node)
        for parent in inputs_of[node]:
            visit(parent)
        order.append(node)
    visit(output)
    return order[::-1]
# %% single: level by level from the output, turned round at the end
# name: writes a node down when it first meets it and turns the list round at the end: a node that is used on different levels then stands too late; write it down when its inputs are done
def topological_order(inputs_of, output):
    queue, order = [output], []
    while queue:
        node = queue.pop(0)
        if node in order:
            continue
        order.append(node)
        queue.extend(inputs_of[node])
    return list(reversed(order))
# %% single: shared nodes appear more than once
# name: lists a node once for every way that leads to it: remember who has been placed
def topological_order(inputs_of: dict, output: str) -> list:
    order = []
    for name in inputs_of[output]:
        order += topological_order(inputs_of, name)
    return order + [output]
# %% single: lists all nodes of the dict, also those that the output does not need
# name: orders the whole graph: only what the output depends on is asked for
def topological_order(inputs_of, output):
    done = []
    while len(done) < len(inputs_of):
        for node, sources in inputs_of.items():
            if node not in done and all(s in done for s in sources):
                done.append(node)
    return done
# %% single: the output itself is missing
# name: leaves out the output itself: it is the last
def topological_order(inputs_of, output):
    result = []
    def walk(node):
        for source in inputs_of[node]:
            if source not in result:
                walk(source)
                result.append(source)
    walk(output)
    return result
# %% pair: node before its inputs and several times
# name: none
def topological_order(inputs_of, output):
    stack, found = [output], []
    while stack:
        n = stack.pop()
        found.append(n)
        stack += inputs_of[n]
    return found
# %% unknown: sorts the needed nodes by the number of their inputs
# name: none
def topological_order(inputs_of, output):
    needed, todo = set(), [output]
    while todo:
        n = todo.pop()
        if n not in needed:
            needed.add(n)
            todo.extend(inputs_of[n])
    return sorted(needed, key=lambda n: len(inputs_of[n]))
# %% right: depth first, recursive
def topological_order(inputs_of, output, order=None):
    order = [] if order is None else order
    for source in inputs_of[output]:
        if source not in order:
            topological_order(inputs_of, source, order)
    if output not in order:
        order.append(output)
    return order
# %% right: counts what is still missing (Kahn), on a copy, only the needed part
def topological_order(inputs_of, output):
    needed, todo = set(), [output]
    while todo:
        n = todo.pop()
        if n in needed:
            continue
        needed.add(n)
        todo.extend(inputs_of[n])
    waiting = {n: set(inputs_of[n]) for n in needed}
    users = {n: [] for n in needed}
    for n, sources in waiting.items():
        for s in sources:
            users[s].append(n)
    ready = [n for n, sources in waiting.items() if not sources]
    order = []
    while ready:
        n = ready.pop()
        order.append(n)
        for user in users[n]:
            waiting[user].discard(n)
            if not waiting[user]:
                ready.append(user)
    return order
