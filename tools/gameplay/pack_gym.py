"""Games that are stepped from outside: Gymnasium's, PettingZoo's, SAI's and others."""

from __future__ import annotations

from .arena import Rule
from .stage import PackGame, Reading

_OTHER_CARS = "[(*v.position, 5, 2) for v in env.road.vehicles if v is not env.vehicle]"

GYM_GAMES: tuple[PackGame, ...] = (
    PackGame(
        name="kaz",
        engine="gym",
        start=(
            "pettingzoo.butterfly.knights_archers_zombies_v11:parallel_env(render_mode='rgb_array', "
            "max_cycles=3000, num_archers=dice.choice((1, 2)), num_knights=dice.choice((1, 2)), "
            "spawn_delay=dice.choice((15, 25, 50)))"
        ),
        reading=Reading(
            player="next(iter(env.agent_map.values()), None)",
            foes="env.zombie_list",
            own="[w for a in env.agent_map.values() for w in a.weapons]",
        ),
        rule=Rule(fights=True, duel=0.9),
        style="turner",
        licence="PettingZoo: Knights Archers Zombies, MIT",
        needs="pettingzoo pygame-ce",
        act=(
            "dice.choice((0, 2, 3, 5)) if not me and dice.random() < 0.7 else 4 if fire else 0 if y "
            "else 2 if x < 0 else 3 if x else 5"
        ),
    ),
    PackGame(
        name="pistonball",
        engine="gym",
        start="pettingzoo.butterfly.pistonball_v6:parallel_env(render_mode='rgb_array', max_cycles=900)",
        reading=Reading(
            player="(env.ball.position.x, env.ball.position.y)",
            pace="0.3",
        ),
        rule=Rule(fights=False),
        style="puzzler",
        licence="PettingZoo: Pistonball, MIT",
        needs="pettingzoo pymunk pygame-ce",
        act="np.array([dice.uniform(-1, 1)], dtype=np.float32)",
    ),
    PackGame(
        name="cooppong",
        engine="gym",
        start="pettingzoo.butterfly.cooperative_pong_v6:"
        "parallel_env(render_mode='rgb_array', max_cycles=900)",
        reading=Reading(
            player="(env.env.ball._rect.centerx, env.env.ball._rect.centery)",
        ),
        rule=Rule(fights=False),
        style="puzzler",
        licence="PettingZoo: Cooperative Pong, MIT",
        needs="pettingzoo pygame-ce",
        act="dice.choice((1, 2)) if dice.random() < 0.9 else 0",
    ),
    PackGame(
        name="zombieshooter",
        engine="gym",
        start=(
            "zombie_shooter_gym.envs.zombie_shooter:ZombieShooter(render_mode='rgb_array', "
            "world_width=1600, world_height=1200)"
        ),
        reading=Reading(
            player="(env.player.x, env.player.y)",
            foes="[(z.x, z.y) for z in env.zombies]",
            own="[(b.x, b.y) for b in env.bullets]",
            health="env.player.health / 6",
            level="env.level",
        ),
        rule=Rule(fights=True, reach=0.3),
        style="walker",
        licence="gym-zombie-shooter, MIT",
        needs="gym-zombie-shooter",
        act="6 if fire else 3 if x < 0 else 4 if x > 0 else 1 if y < 0 else 2 if y > 0 else 0",
        look="__import__('pygame').surfarray.array3d(env.screen).swapaxes(0, 1)",
        unit=600,
    ),
    PackGame(
        name="asteroids",
        engine="gym",
        start="asteroidsenv.env.asteroids:AsteroidsEnv(render_mode='rgb_array')",
        reading=Reading(
            player="(env.spaceship.position.x, env.spaceship.position.y, 40)",
            foes="[(r.position.x, r.position.y, 2 * r.radius) for r in env.spacerocks]",
            own="[(s.position.x, s.position.y) for s in env.spaceship.shots]",
        ),
        rule=Rule(fights=True, reach=0.12, duel=0.6),
        style="turner",
        licence="asteroidsenv, MIT",
        needs="asteroidsenv",
        act="5 if fire else 1 if y and not x else 3 if x < 0 else 4 if x else 0",
        unit=840,
        skip=4,
    ),
    PackGame(
        name="lunarlander",
        engine="gym",
        start="gymnasium:make('LunarLander-v3', render_mode='rgb_array')",
        reading=Reading(
            player="(env.lander.position.x, -env.lander.position.y)",
            hazards="[(env.lander.position.x, -env.helipad_y)]",
        ),
        rule=Rule(fights=False),
        style="side",
        licence="Gymnasium: Lunar Lander, MIT",
        needs="gymnasium box2d pygame-ce",
        act="2 if dice.random() < 0.45 else 1 if x < 0 else 3 if x else 0",
        unit=13.3,
        skip=3,
    ),
    PackGame(
        name="carracing",
        engine="gym",
        start="gymnasium:make('CarRacing-v3', render_mode='rgb_array', domain_randomize=dice.random() < 0.6)",
        reading=Reading(
            player="(env.car.hull.position.x, env.car.hull.position.y)",
            pace="env.car.hull.linearVelocity.length / 60",
        ),
        rule=Rule(fights=False),
        style="side",
        licence="Gymnasium: Car Racing, MIT",
        needs="gymnasium box2d pygame-ce",
        act=(
            "np.array([along(env, dice) + 0.3 * x * (dice.random() < 0.3), 0.3 * "
            "(env.car.hull.linearVelocity.length < 45), 0.0])"
        ),
        unit=40,
        skip=3,
    ),
    PackGame(
        name="highway",
        engine="gym",
        start=(
            "highway_env,gymnasium:make(dice.choice(('highway-v0', 'merge-v0', 'roundabout-v0', "
            "'exit-v0')), render_mode='rgb_array', config={'simulation_frequency': 15, "
            "'policy_frequency': 5, 'screen_width': 480, 'screen_height': 240, 'duration': 60})"
        ),
        reading=Reading(
            player="(env.vehicle.position[0], env.vehicle.position[1])",
            hazards=_OTHER_CARS,
            pace="0.1 + env.vehicle.speed / 40",
        ),
        rule=Rule(fights=False),
        style="walker",
        licence="highway-env, MIT",
        needs="highway-env",
        act="0 if y < 0 else 2 if y > 0 else 3 if x > 0 else 4 if x < 0 else 1",
        unit=40,
        fps=5,
        size=(240, 120),
    ),
    PackGame(
        name="racetrack",
        engine="gym",
        start=(
            "highway_env,gymnasium:make('racetrack-v0', render_mode='rgb_array', "
            "config={'simulation_frequency': 15, 'policy_frequency': 15, 'screen_width': 400, "
            "'screen_height': 400, 'duration': 60, 'terminate_off_road': True})"
        ),
        reading=Reading(
            player="(env.vehicle.position[0], env.vehicle.position[1])",
            hazards=_OTHER_CARS,
            pace="0.2 + env.vehicle.speed / 20",
        ),
        rule=Rule(fights=False),
        style="side",
        licence="highway-env: racetrack, MIT",
        needs="highway-env",
        act="np.array([0.12 * x])",
        unit=60,
    ),
    PackGame(
        name="minigrid",
        engine="gym",
        start=(
            "minigrid,gymnasium:make(dice.choice(('MiniGrid-Dynamic-Obstacles-16x16-v0', "
            "'MiniGrid-MultiRoom-N6-v0', 'MiniGrid-LavaCrossingS11N5-v0', "
            "'MiniGrid-DoorKey-16x16-v0', 'MiniGrid-FourRooms-v0')), render_mode='rgb_array', "
            "tile_size=16)"
        ),
        reading=Reading(
            player="tuple(env.agent_pos)",
            hazards="[tuple(o.cur_pos) for o in getattr(env, 'obstacles', [])]",
        ),
        rule=Rule(fights=False),
        style="walker",
        licence="MiniGrid, Apache-2.0",
        needs="minigrid",
        act=(
            "dice.choice((3, 5, 5)) if dice.random() < 0.15 else 0 if x < 0 else 1 if x > 0 and "
            "dice.random() < 0.4 else 2"
        ),
        unit=14,
        fps=6,
    ),
    PackGame(
        name="flappy",
        engine="gym",
        start=(
            "flappy_bird_gymnasium.envs.flappy_bird_env:FlappyBirdEnv(render_mode='rgb_array', "
            "audio_on=False, background=dice.choice(('day', 'night')), "
            "bird_color=dice.choice(('yellow', 'blue', 'red')), pipe_color=dice.choice(('green', "
            "'red')))"
        ),
        reading=Reading(
            player="(env._player_x, env._player_y)",
            hazards="[(p['x'] + 26, p['y'] + 160, 52, 320) for p in env._upper_pipes + env._lower_pipes]",
            pace="0.5",
        ),
        rule=Rule(fights=False),
        style="flapper",
        licence="flappy-bird-gymnasium, MIT",
        needs="flappy-bird-gymnasium",
        act=(
            "int(env._player_y > env._lower_pipes[0]['y'] - 70 + dice.gauss(0, 12) and env._player_vel_y > 0)"
        ),
        unit=512,
        skip=2,
    ),
    PackGame(
        name="tetris",
        engine="gym",
        start="tetris_gymnasium.envs.tetris:Tetris(render_mode='rgb_array', render_upscale=12)",
        reading=Reading(
            pace="0.35",
        ),
        rule=Rule(fights=False),
        style="puzzler",
        licence="tetris-gymnasium, MIT",
        needs="tetris-gymnasium",
        act="0 if x < 0 else 1 if x > 0 else 3 if y < 0 else 2 if y > 0 else 7",
        fps=6,
    ),
    PackGame(
        name="squidhunt",
        engine="gym",
        start="sai_pygame.squid_hunt.squid_hunt:SquidHuntEnv()",
        reading=Reading(
            player="env.ship",
            foes="env.squids",
            own="env.bullets",
            hazards="env.walls",
        ),
        rule=Rule(fights=True, duel=0.9),
        style="turner",
        licence="SAI: Squid Hunt, MIT",
        needs="sai-pygame",
        act="9 if fire else 1 if y else 2 if dice.random() < 0.2 else 3 if x < 0 else 6 if x else 0",
        skip=2,
    ),
    PackGame(
        name="spaceevaders",
        engine="gym",
        start="sai_pygame.space_evaders.space_evaders:SpaceEvadersEnv()",
        reading=Reading(
            player="env.ship",
            hazards="[a for lane in env.asteroids for a in lane]",
            pace="0.5",
        ),
        rule=Rule(fights=False),
        style="side",
        licence="SAI: Space Evaders, MIT",
        needs="sai-pygame",
        act="1 if x < 0 else 2 if x else 0",
        skip=2,
    ),
    PackGame(
        name="pong",
        engine="gym",
        start="sai_pygame.pong.pong:PongEnv()",
        reading=Reading(
            player="env.ball",
        ),
        rule=Rule(fights=False),
        style="puzzler",
        licence="SAI: Pong, MIT",
        needs="sai-pygame",
        act="dice.choice((1, 2)) if dice.random() < 0.8 else 0",
        skip=2,
    ),
)
