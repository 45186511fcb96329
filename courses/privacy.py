"""Nothing of courses is shared over a care tie: answers and reflections are their writer's alone."""
